// Runs a task of this repository from a bare clone: `npm run demo`, `npm test`, `npm run check` and the others below.
// Needs only npm and this Node; the newer Node that the tools run on is a dependency (package.json,
// optionalDependencies).
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Clarity Flags starts on Node 20.19 or later; this is ${process.version} (${process.execPath}).\n` +
      'Install the current LTS from https://nodejs.org, or with a version manager (nvm install --lts), and run the command again.',
  );
  process.exit(1);
}

// Loaded after the check, so that an older Node prints the sentence above and not a syntax error.
const { runTask } = await import('./dev/tasks.mjs');
process.exitCode = await runTask(process.argv[2], process.argv.slice(3));
