import { startModelServer } from './server.ts';

/** The model server as a process of its own: MODEL_PORT (0 takes any), MODEL_TOKEN_DELAY_MS (15). */
const server = await startModelServer({
  port: Number(process.env['MODEL_PORT'] ?? 0),
  tokenDelayMs: Number(process.env['MODEL_TOKEN_DELAY_MS'] ?? 15),
  log: (line) => console.log(line),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
