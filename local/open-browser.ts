import { spawn } from 'node:child_process';

/** Opens an address in the person's browser, if there is a person with a screen; failing to is not worth a word. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const isMac = process.platform === 'darwin';
  const hasScreen = isMac || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
  if (!hasScreen || env['CI'] !== undefined || !process.stdout.isTTY) return;
  const opener = spawn(isMac ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined); // Not installed: the address is on the screen.
  opener.unref();
}
