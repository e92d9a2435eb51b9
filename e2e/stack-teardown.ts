import { rm } from 'node:fs/promises';

export default async function stopForAll(): Promise<void> {
  const stack = globalThis.skyfloStack;
  if (!stack) return;
  await stack.stop();
  if (process.env['SKYFLO_E2E_KEEP'] === undefined) await rm(stack.layout.dataDir, { recursive: true, force: true });
}
