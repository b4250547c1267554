import type { BootRecord } from '../../../receivers/log-tailer/boot/boot-record.ts';
import { htmlDocument, type PageShell } from '../../html/document.ts';
import { pageData } from './page-data.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<path fill="#566076" d="M1 2h5v3H1z"/><path fill="#2457c5" d="M5 7h6v3H5z"/>' +
  '<path fill="#1f7a4d" d="M11 12h4v3h-4z"/></svg>';

/** The page that draws a boot. */
export function htmlPage(record: BootRecord, shell: PageShell): string {
  const data = pageData(record);
  return htmlDocument(
    {
      title: `Boot of ${data.node}${data.began === '' ? '' : ` · ${data.began}`}`,
      icon,
      withoutScript:
        'This page draws a boot with a script of its own, which this browser does not run.',
      dataId: 'boot',
      data,
    },
    shell,
  );
}
