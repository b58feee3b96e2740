import { endInOneLine } from './cli/end-in-one-line.js';

await endInOneLine(process, async () => {
  const { serve } = await import('./cli/serve.js');
  await serve(process.env, process);
});
