// The plugin.json at the top of the repository is the only one that is edited. create-plugin's
// configuration wants it in src/, so it is copied there before each build, test and check.
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const frontend = join(dirname(fileURLToPath(import.meta.url)), '..');
copyFileSync(join(frontend, '..', 'plugin.json'), join(frontend, 'src', 'plugin.json'));
