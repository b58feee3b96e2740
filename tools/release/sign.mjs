// Checksums of a release, and their signature: Ed25519 over the bytes of SHA256SUMS, as `openssl pkeyutl -rawin` makes and verifies it.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SUMS = 'SHA256SUMS';

/** Writes SHA256SUMS over all files of a folder, in the form that `sha256sum --check` reads. */
export function writeSums(folder) {
  const lines = readdirSync(folder)
    .sort()
    .map((name) => {
      const sum = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      return `${sum}  ${name}\n`;
    });
  writeFileSync(join(folder, SUMS), lines.join(''));
}

/**
 * Writes the signature of SHA256SUMS and the public key that verifies it.
 * @param {string} keyFile PEM of an Ed25519 private key
 */
export function signSums(folder, keyFile) {
  const key = createPrivateKey(readFileSync(keyFile));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${keyFile} is no Ed25519 key but ${key.asymmetricKeyType}`);
  writeFileSync(join(folder, `${SUMS}.sig`), sign(null, readFileSync(join(folder, SUMS)), key));
  writeFileSync(join(folder, `${SUMS}.pem`), createPublicKey(key).export({ type: 'spki', format: 'pem' }));
}
