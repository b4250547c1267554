/** The folders that globs of journals are below: the parts before the first that is no plain name. */
export function foldersOf(globs: readonly string[]): readonly string[] {
  const folders = globs.map((glob) => {
    const parts = glob.split('/');
    const at = parts.findIndex((part) => /[*?[{]/.test(part));
    return at < 0 ? glob : parts.slice(0, at).join('/');
  });
  return [...new Set(folders)];
}
