import { jest } from '@jest/globals';

/** A killed process is restarted and its lease has to run out before another takes its work up. */
jest.setTimeout(120_000);
