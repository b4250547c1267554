/** `npm run reference`: writes docs/reference.md anew. */
import { writeFile } from 'node:fs/promises';
import { formattedReference, referenceFile } from './formatted.ts';

await writeFile(referenceFile, await formattedReference());
console.log(referenceFile);
