// The packages that carry Node say `"os": "win32"` where pnpm reads only lists, and so the lockfile would not know
// which machine each is for: every install would download Node for all of them, 200 MB instead of 50.
const carriesNode = /^node-(bin-)?(linux|darwin|win)-/;

module.exports = {
  hooks: {
    readPackage(manifest) {
      if (carriesNode.test(manifest.name)) {
        for (const field of ['os', 'cpu']) {
          if (typeof manifest[field] === 'string') manifest[field] = [manifest[field]];
        }
      }
      return manifest;
    },
  },
};
