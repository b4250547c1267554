import { bundlePage } from '../../html/bundle-page.ts';
import type { PageShell } from '../../html/document.ts';

export function pageShell(): Promise<PageShell> {
  return bundlePage(new URL('page/', import.meta.url));
}
