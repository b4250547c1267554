/**
 * GETs the address in its only argument, prints what it gets, and exits with 0 when the answer has status 200. It is run
 * inside a worker's network, whose loopback nothing outside can reach.
 */
import { get } from 'node:http';

const [url = ''] = process.argv.slice(2);

const request = get(url, { timeout: 2000 }, (response) => {
  response.pipe(process.stdout);
  if (response.statusCode !== 200) fail(`answered with status ${response.statusCode}`);
});
request.once('timeout', () => request.destroy(new Error('no answer within 2 s')));
request.once('error', (error) => fail(error.message));

function fail(reason: string): void {
  process.stderr.write(reason);
  process.exitCode = 1;
}
