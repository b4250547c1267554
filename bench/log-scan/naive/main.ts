/** What comes to mind first, for `npm run bench -- log-scan`: each line a string, each pattern a regular expression. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [log = '', ...patterns] = process.argv.slice(2);
const expressions = patterns.map((pattern) => new RegExp(pattern));
let found = 0;
for await (const line of createInterface({ input: createReadStream(log), crlfDelay: Infinity }))
  for (const expression of expressions) if (expression.test(line)) found++;
console.log(found);
