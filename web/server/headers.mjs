/** What every page gets; the gateway's answers bring their own and replace these.
 * @param {import('node:http').ServerResponse} response */
export function setDefaultHeaders(response) {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}
