/** `node build/log-packs.ts`: reads the packs of the log tailer from their files into one that needs no reader of YAML. */
import { writeFile } from 'node:fs/promises';
import { builtInPacksFile, builtInPacksText } from './log-packs-text.ts';

await writeFile(builtInPacksFile, builtInPacksText());
