/** Kernel and device files answer for ever or change by being read; these two hold the credentials of the pod itself. */
const closed = ['/proc', '/sys', '/dev', '/var/run/secrets', '/run/secrets'];

/** Why a path is not read; undefined for one that is plainly a file of the container. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'It is no absolute path: begin with "/".';
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'It holds a control character.';
  if (
    path
      .split('/')
      .slice(1)
      .some((part) => part === '' || part === '.' || part === '..')
  )
    return 'It is not plain: no empty part, "." or ".." in it, and no "/" at its end.';
  const inside = closed.find((folder) => path === folder || path.startsWith(`${folder}/`));
  return inside === undefined ? undefined : `Nothing in ${inside} is read.`;
}
