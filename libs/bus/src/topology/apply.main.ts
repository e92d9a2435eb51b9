/** Applies the topology to a NATS server: `BUS_NATS_URL`, `BUS_ADMIN_SEED` (the admin's nkey seed). */
import { applyTopology } from './apply-topology.ts';

const { BUS_NATS_URL: servers, BUS_ADMIN_SEED: adminSeed } = process.env;
if (!servers || !adminSeed) {
  process.stderr.write(
    'set BUS_NATS_URL to the server, e.g. nats://127.0.0.1:4222, and BUS_ADMIN_SEED to the seed of its admin user\n',
  );
  process.exitCode = 2;
} else {
  const { created, updated } = await applyTopology(servers, adminSeed);
  process.stdout.write(`${JSON.stringify({ created, updated })}\n`);
}
