import { RunStopRequested } from '@skyflo/contracts';
import { aStop, openGateway } from '../support.ts';

/** Commits one event and is killed at the very moment in which it would publish it. */
const { DATABASE_URL = '', EVENT_ID = '' } = process.env;
const store = await openGateway(DATABASE_URL, {
  publish: () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
});
await store.transaction((tx) => tx.emit(RunStopRequested, aStop({ id: EVENT_ID })));
