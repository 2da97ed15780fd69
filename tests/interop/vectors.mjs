// What jose makes of the golden vectors: `node vectors.mjs FOLDER` prints, by file, the names it accepted and those it refused.
import { readFileSync } from 'node:fs'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { need, verifyRequest } from './signed.mjs'

const folder = process.argv[2]
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'))

// JSON.parse takes the last of two members of one name, without a word: what PLP-003 asks, a user of jose adds. The vectors
// are written compactly, so that a text which is not its own value written again names a member twice.
const once = (token) => token.split('.').slice(0, 2).forEach((part) => {
  const text = Buffer.from(part, 'base64url').toString('utf8')
  need(JSON.stringify(JSON.parse(text)) === text, 'a member twice')
})

const checks = {
  'signed-request': (vectors, keys) => {
    const seen = new Set()
    return (one) => {
      const { method, path, body, token, at } = { ...vectors.accepted[0], ...one }
      const place = { issuer: vectors.issuer, audience: vectors.audience, trusted: vectors.trusted, keys }
      try { once(token) } catch (error) { return Promise.reject(error) }
      // Only the accepted ones use up their jti: a refused one must be refused for its own fault.
      return verifyRequest(token, { ...place, method, path, body, seen: one.what ? seen : new Set(), at: new Date(at * 1000) })
    }
  },
  'id-token': (vectors, keys) => async ({ token, at }) => {
    const options = { issuer: vectors.issuer, audience: vectors.client_id, algorithms: ['ES256'], typ: 'JWT' }
    const { payload } = await jwtVerify(token, keys, { ...options, clockTolerance: 30, currentDate: new Date(at * 1000) })
    need(payload.nonce === vectors.nonce && payload.aud === vectors.client_id, 'nonce, aud')
    need(typeof decodeProtectedHeader(token).kid === 'string', 'kid')
  },
  'client-assertion': (vectors, keys) => async ({ token, at }) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer: vectors.client_id, subject: vectors.client_id, audience: [vectors.issuer, vectors.token_endpoint],
      algorithms: ['ES256'], typ: 'JWT', clockTolerance: 30, currentDate: new Date(at * 1000), requiredClaims: ['jti'],
    })
    need(typeof payload.aud === 'string' && payload.exp > payload.iat && payload.exp - payload.iat <= 90, 'aud, life')
    need(typeof decodeProtectedHeader(token).kid === 'string', 'kid')
  },
}

const found = {}
for (const [name, make] of Object.entries(checks)) {
  const vectors = read(name)
  const check = make(vectors, createLocalJWKSet(vectors.jwks))
  found[name] = { accepted: [], refused: [] }
  for (const one of [...vectors.accepted, ...vectors.refused]) {
    const verdict = await check(one).then(() => 'accepted', () => 'refused')
    found[name][verdict].push(one.what ?? one.why)
  }
}
console.log(JSON.stringify(found))
