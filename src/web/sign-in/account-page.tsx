import { READ_ARTICLES } from '../../protocols/access.js';
import type { Handler, Route } from '../../protocols/route.js';
import { KEEPER_PATH } from '../keeper/keeper-paths.js';
import type { Access } from '../../protocols/identity.js';
import { createPageContext, type PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { ACCOUNT_PATH, NO_STORE, pageResponse } from '../parts/layout.js';
import { describeSignIn } from './describe-sign-in.js';

const isCurator = (access: Access): boolean =>
  'identity' in access &&
  access.identity.roles?.some((role) => role === 'curator' || role === 'administrator') === true;

function accountHandler(options: PageOptions): Handler {
  return async (request) => {
    const page = createPageContext(options, request, { path: ACCOUNT_PATH });
    const { t } = page;
    const { access } = request;
    const { client = '', roles } = access && 'identity' in access ? access.identity : {};
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
            {access && isCurator(access) ? (
              <p>
                <a href={page.href(KEEPER_PATH)}>{t('keeper.title')}</a>
              </p>
            ) : null}
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

/** `/account`: who has signed in, with which roles, and the button that signs out. */
export const accountRoute = (options: PageOptions): Route =>
  pageRoute(options, {
    path: ACCOUNT_PATH,
    get: accountHandler(options),
    isByRight: true,
    neededRights: () => [READ_ARTICLES],
    document: describeSignIn('account'),
  });
