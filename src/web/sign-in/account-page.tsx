import { READ_ARTICLES, hasRight } from '../../protocols/access.js';
import type { NeededRight } from '../../protocols/identity.js';
import type { Handler, Route } from '../../protocols/route.js';
import { createPageContext, type PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { ACCOUNT_PATH, NO_STORE, pageResponse } from '../parts/layout.js';
import { describeBy } from '../../protocols/route-document.js';

/** Names the description of an address of signing in, in resources/openapi/sign-in.yaml. */
export const describeSignIn = describeBy('sign-in');

/** A page for staff, as `/account` links it for those who may open it. */
export interface StaffPage {
  readonly path: string;
  /** Name of its title in resources/i18n. */
  readonly title: string;
  readonly needed: NeededRight;
}

function accountHandler(options: PageOptions, pages: readonly StaffPage[]): Handler {
  return async (request) => {
    const page = createPageContext(options, request, { path: ACCOUNT_PATH });
    const { t } = page;
    const { access } = request;
    const { client = '', roles } = access && 'identity' in access ? access.identity : {};
    const open = pages.filter(({ needed }) => hasRight(access, needed));
    const main = (
      <>
        <h1>{t('signIn.account')}</h1>
        <p>{t('signIn.signedInAs', { name: client.replace(/^user:/, '') })}</p>
        {roles === undefined ? (
          <p>{t('signIn.byToken')}</p>
        ) : (
          <>
            <h2>{t('signIn.roles')}</h2>
            <ul>
              {roles.map((role) => (
                <li>{t(`signIn.role.${role}`)}</li>
              ))}
            </ul>
            {open.length === 0 ? null : (
              <>
                <h2>{t('signIn.pages')}</h2>
                <ul>
                  {open.map(({ path, title }) => (
                    <li>
                      <a href={page.href(path)}>{t(title)}</a>
                    </li>
                  ))}
                </ul>
              </>
            )}
            <form action={`${page.basePath}/sign-out`} method="post">
              <button type="submit">{t('signIn.signOut')}</button>
            </form>
          </>
        )}
      </>
    );
    const document = { title: t('signIn.account'), main, searched: '' };
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };
}

/**
 * `/account`: who has signed in, with which roles, and the button that signs out.
 * @param pages pages for staff, linked where the person may open them
 */
export const accountRoute = (options: PageOptions, pages: readonly StaffPage[]): Route =>
  pageRoute(options, {
    path: ACCOUNT_PATH,
    get: accountHandler(options, pages),
    isByRight: true,
    neededRights: () => [READ_ARTICLES],
    document: describeSignIn('account'),
  });
