/** Responsibilities of a person of the staff. */
const ROLES = ['reader', 'curator', 'privacy-officer', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Groups of the site's directory that give a role; `*`: everyone who signs in. */
export type RoleGroups = Readonly<Partial<Record<Role, readonly string[]>>>;

const READ = 'user/*.rs';
const CURATE = ['system/DocumentReference.cruds', 'system/ConceptMap.cruds'];
const RECORD = 'system/Communication.rs';

/** The rights of a role, as SMART's scopes write them: the rows of the route table name what each address needs. */
const SCOPES: Readonly<Record<Role, readonly string[]>> = {
  reader: [READ],
  curator: [READ, ...CURATE],
  'privacy-officer': [READ, RECORD],
  administrator: [READ, 'system/*.cruds', RECORD],
};

/** The roles that a person's groups give. */
export function findRoles(groups: readonly string[], byRole: RoleGroups): Role[] {
  const own = new Set(['*', ...groups]);
  return ROLES.filter((role) => byRole[role]?.some((group) => own.has(group)) === true);
}

/** The rights of roles, each once. */
export const listScopesOf = (roles: readonly Role[]): string[] => [...new Set(roles.flatMap((role) => SCOPES[role]))];
