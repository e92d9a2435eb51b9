/**
 * Loaded into a service before its own code (`node --import`): strikes it at a named point of its work. Points are what the
 * libs' diagnostics channels tell: an operation, the moment before or after it, and what it is about.
 *
 *     <folder>/<service>.json   {operation, moment, about, how}   armed; taken away when it strikes, so that it strikes once
 *     <folder>/<service>.struck                                   it struck
 *     <folder>/<service>.go     held until this is there (how: hold)
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { searchParams } = new URL(import.meta.url);
const file = (kind) => join(searchParams.get('folder'), `${searchParams.get('service')}.${kind}`);

const operations = {
  commit: ['skyflo:store.commit', ({ name, events }) => [name, ...events].filter(Boolean).join(' ')],
  publish: ['skyflo:store.publish', ({ events }) => events.join(' ')],
  request: ['skyflo:kube.request', ({ method, dryRun }) => `${dryRun ? 'dry run of ' : ''}${method}`],
};

for (const [operation, [channel, aboutOf]] of Object.entries(operations)) {
  tracingChannel(channel).subscribe({
    start: (context) => reach(operation, 'before', aboutOf(context)),
    asyncEnd: (context) => reach(operation, 'after', aboutOf(context)),
  });
}

function reach(operation, moment, about) {
  if (!existsSync(file('json'))) return;
  const fault = JSON.parse(readFileSync(file('json'), 'utf8'));
  if (fault.operation !== operation || fault.moment !== moment || !new RegExp(fault.about).test(about)) return;
  rmSync(file('json'));
  writeFileSync(file('struck'), about);
  if (fault.how === 'hold') hold();
  else process.kill(process.pid, fault.how);
}

/** Stands still, as a whole, while something else is struck. */
function hold() {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(file('go'))) Atomics.wait(nobody, 0, 0, 5);
  rmSync(file('go'));
}
