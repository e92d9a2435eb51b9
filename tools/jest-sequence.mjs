import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Jest's own order, but for a few: the console in a browser uses the set-up link, which works once, and the longest suites must
 * not be the last ones, on one core alone, where Jest has no times of an earlier run to know that by.
 */
class SomeFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  }
}

const first = [
  'browser.e2e.spec.ts',
  'services/planner/test/resume.int.spec.ts',
  'services/tool-runner/test/drain.int.spec.ts',
];
const isFirst = ({ path }) => first.some((name) => path.endsWith(name));

export default SomeFirst;
