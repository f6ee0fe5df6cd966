// A certified OpenID Connect provider on loopback, shaped like Entra ID, that can be told to answer wrongly.
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export const TENANT = '9ed55846-8a81-4246-acd8-b1a01abfc0d1';
export const SECRET = 'test-secret-0123456789abcdef0123456789';
const USERS = {
  editor: { name: 'Élodie Éditrice', preferred_username: 'elodie.editrice@example.gc.ca', roles: ['Catalogue.Editor'] },
  admin: { name: 'Ada Admin', preferred_username: 'ada.admin@example.gc.ca', roles: ['Catalogue.Admin', 'Other'] },
  nobody: { name: 'No Role', preferred_username: 'no.role@example.gc.ca' },
  overage: { name: 'Many Groups', preferred_username: 'many.groups@example.gc.ca', _claim_names: { groups: 'src1' } },
  nameless: { name: 'No Oid', preferred_username: 'no.oid@example.gc.ca', oid: undefined },
};
const oid = (login) => `00000000-0000-4000-8000-${Buffer.from(login).toString('hex').padStart(12, '0').slice(0, 12)}`;
const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// Starts a provider on a port for a site. `provider.fault` changes the next tokens; `provider.otherKey` signs with a strange key.
export async function startProvider(port, origin, number = 1) {
  const prefix = `/${TENANT}/v2.0`;
  const issuer = `http://127.0.0.1:${port}${prefix}`;
  const key = newKey();
  const kid = `key-${number}`;
  const control = { issuer, fault: null, key };
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'catalogue', client_secret: SECRET, redirect_uris: [`${origin}/auth/callback`],
      post_logout_redirect_uris: [`${origin}/`],
      grant_types: ['authorization_code'], response_types: ['code'],
    }],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    findAccount: (_ctx, login) => USERS[login] && {
      accountId: login,
      claims: () => ({ sub: login, tid: TENANT, oid: oid(login), ...USERS[login] }),
    },
    claims: { openid: ['sub', 'oid', 'tid', 'roles', 'groups', '_claim_names'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false, // like Entra ID: names and roles stand in the ID token
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `${prefix}/interaction/${interaction.uid}` },
    ttl: { IdToken: 3600, AccessToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
    cookies: { keys: ['loopback-test-only'] },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { prompt, params } = await provider.interactionDetails(ctx.req, ctx.res);
    const { login, deny } = ctx.query;
    if (deny) return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied' });
    if (!login) {
      const links = Object.keys(USERS).map((user) => `<li><a href="?login=${user}">${user}</a></li>`);
      ctx.type = 'html';
      ctx.body = `<!doctype html><title>Provider</title><h1>${prompt.name}</h1><ul>${links.join('')}<li><a href="?deny=1">deny</a></li></ul>`;
      return undefined;
    }
    const grant = new provider.Grant({ accountId: login, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result = { login: { accountId: login }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(ctx.req, ctx.res, result);
  });
  const answer = provider.callback();
  const server = createServer((request, response) => {
    request.originalUrl = request.url;
    request.url = request.url.slice(prefix.length) || '/';
    if (request.url.startsWith('/token') && control.fault) spoil(response, control, kid);
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  control.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return control;
}

// Changes the ID token of an answer as the fault says, and signs it again.
function spoil(response, control, kid) {
  const end = response.end.bind(response);
  response.end = (body, ...rest) => {
    const answer = JSON.parse(String(body));
    if (answer.id_token) {
      const claims = JSON.parse(Buffer.from(answer.id_token.split('.')[1], 'base64url'));
      const { header = {}, key = control.key, ...changed } = control.fault;
      const unsigned = `${part({ alg: 'RS256', typ: 'JWT', kid, ...header })}.${part({ ...claims, ...changed })}`;
      const signature = header.alg === 'none' ? '' : sign('RSA-SHA256', Buffer.from(unsigned), key).toString('base64url');
      answer.id_token = `${unsigned}.${signature}`;
    }
    const text = JSON.stringify(answer);
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text, ...rest);
  };
}

export const strangeKey = newKey;
