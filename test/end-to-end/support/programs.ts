import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's package of each program that these tests run. */
const packages: Readonly<Record<string, string>> = {
  'prometheus-alertmanager': 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  prometheus: 'prometheus',
  chromium: 'chromium',
  java: 'openjdk-17-jre-headless',
};

/** Path of a program. A test that needs it fails without it: skipped tests prove nothing. @throws with the line that installs it */
export function requireProgram(name: keyof typeof packages & string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter).concat('/usr/bin')) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not on this machine. Install it: apt-get install -y ${packages[name]}`);
}
