// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { createRenderer } from './render.ts';

const html = (source: string): string =>
  createRenderer()(source)
    .map((block) => block.html)
    .join('');

describe('streamed Markdown', () => {
  it('keeps finished blocks and renders only the last one again', () => {
    const render = createRenderer();
    const first = render('One paragraph.\n\nThe sec');
    const second = render('One paragraph.\n\nThe second');
    expect(second[0]).toBe(first[0]);
    expect(second[1]?.html).toBe('<p>The second</p>\n');
  });

  it('shows a code fence that is still open as code', () => {
    expect(html('```yaml\nreplicas: 3')).toContain('<pre tabindex="0"><code>');
  });

  it('draws tables and lists', () => {
    expect(html('| a | b |\n|---|---|\n| 1 | 2 |')).toContain('<td>1</td>');
    expect(html('- one\n- two')).toContain('<li>one</li>');
  });

  it.each([
    ['script', '<script>alert(1)</script>'],
    ['event handler', '<img src=x onerror=alert(1)>'],
    ['inline event handler', 'hello <b onclick="alert(1)">there</b>'],
    ['frame', '<iframe src="https://evil.example"></iframe>'],
  ])('shows raw HTML as text: %s', (_, source) => {
    const holder = document.createElement('div');
    holder.innerHTML = html(source);
    expect(holder.querySelector('script, img, iframe, b')).toBeNull();
    expect(holder.textContent).toContain('<');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'JaVaScRiPt:alert(1)'])('never links to %s', (target) => {
    expect(html(`[here](${target})`)).not.toContain('href');
  });

  it('opens links outside, without telling where from', () => {
    expect(html('[docs](https://kubernetes.io)')).toContain('rel="noreferrer noopener"');
  });

  it('does not load pictures', () => {
    expect(html('![graph](https://evil.example/p.png)')).not.toContain('<img');
  });
});
