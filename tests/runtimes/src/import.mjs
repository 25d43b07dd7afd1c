// Imports the module named on the command line and prints what it exports.
const argument = globalThis.Deno?.args[0] ?? globalThis.process.argv[2];
console.log(Object.keys(await import(argument)).join(' '));
