export const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** The methods that bring a body. */
export const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT']);
