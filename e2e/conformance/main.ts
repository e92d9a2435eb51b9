/** `npm run conformance`: the official MCP suite against gateway and tool-runner, for both revisions they speak. */
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import startServers from '../../tools/jest-servers.ts';
import { startStack } from './stack.ts';

const root = join(import.meta.dirname, '../..');
const revisions = ['2026-07-28', '2025-11-25'] as const;
const suite = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

process.env['SKYFLO_TEST_KUBECONFIG'] ??= 'none';
await startServers();
const stack = await startStack();
const failed: string[] = [];
for (const revision of revisions) {
  const baseline = revision === '2025-11-25' ? ['--expected-failures', join(import.meta.dirname, 'baseline.yml')] : [];
  const folder = join(root, 'artifacts/conformance', revision);
  // Some of what is not scored calls a tool of ours and waits for a gate that is not here.
  const limit = ['--timeout', '10000'];
  const args = ['server', '--url', stack.url, '--requirements', revision, ...baseline, ...limit, '-o', folder];
  const run = spawn(process.execPath, [suite, ...args], { stdio: 'inherit' });
  const [code] = (await once(run, 'close')) as [number | null];
  if (code !== 0) failed.push(revision);
}
await stack.stop();
await globalThis.skyfloTestServers?.stop();
process.stderr.write(failed.length > 0 ? `✗ MCP ${failed.join(', ')}\n` : `✓ MCP ${revisions.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
