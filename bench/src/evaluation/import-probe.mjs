// Prints the CPU time that importing a module takes, in microseconds.
const start = process.cpuUsage();
await import(process.argv[2]);
const { user, system } = process.cpuUsage(start);
process.stdout.write(String(user + system), () => process.exit());
