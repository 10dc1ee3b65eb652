#!/usr/bin/env node
// The command: runs src/main.ts as it is, which takes a Node that strips types.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `plimsoll: needs Node 24 or newer, this is ${process.versions.node}; try: npm run plimsoll -- --help\n`,
  )
  process.exit(70)
}
const { main } = await import('../src/main.ts')
await main()
