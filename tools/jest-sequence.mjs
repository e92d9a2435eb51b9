import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/** Jest's own order, but for the console in a browser: it uses the set-up link, which works once. */
class FirstTheBrowser extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => Number(isBrowser(b)) - Number(isBrowser(a)));
  }
}

const isBrowser = ({ path }) => path.endsWith('browser.e2e.spec.ts');

export default FirstTheBrowser;
