// Says of one import whether the plan of the house allows it. Pure: names in, a reason out.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import {
  adapterEffectRooms,
  adapterEntries,
  bundledInto,
  copied,
  coreEntries,
  coreFolders,
  effectRooms,
  insiders,
  packageRoles,
  pureEntries,
  runtimeFreeRooms,
} from './house.mjs';

const scope = '@clarity/flags-';

/**
 * @param {string} file Path in the repository, with forward slashes.
 * @param {{ specifier: string, typeOnly: boolean }} imported
 * @returns {string | undefined} why the import is not allowed and what to do; nothing when it is
 */
export function forbidden(file, imported) {
  const { specifier } = imported;
  const [, name, isSource, inside] = /^packages\/([^/]+)\/(src\/)?(.*)$/.exec(file) ?? [];
  if (specifier === 'effect' || specifier.startsWith('effect/')) {
    return judgeEffect(specifier, name, isSource === undefined ? undefined : inside);
  }
  if (specifier.startsWith('.')) return judgeRelative(file, specifier, name, inside ?? '');
  const [room = '', example = ''] = file.split('/');
  if (copied.includes(room) && isPrivate(specifier)) {
    return `${room}/${example} is copied as one folder, and who copies it cannot install ${specifier}: take what is published.`;
  }
  if (name === undefined || isSource === undefined) return undefined;
  if (isEffectOfAdapter(name, inside ?? '') && [`${scope}core/effect`, scope + name].includes(specifier))
    return undefined;
  if (specifier.startsWith(scope)) return judgePackage(name, imported);
  if (packageRoles[name] === 'pure' && isNodeBuiltin(specifier)) {
    return `packages/${name} runs in browsers, too, and imports nothing of Node: take it as an argument.`;
  }
  if (name === 'core' && isNodeBuiltin(specifier) && runtimeFreeRooms.includes(roomOf(inside ?? ''))) {
    return `core/src/${roomOf(inside ?? '')} runs on every runtime and imports nothing of Node: take it as an argument.`;
  }
  return undefined;
}

/** @param {string} specifier @param {string | undefined} name @param {string | undefined} inside */
function judgeEffect(specifier, name, inside) {
  const module = specifier.split('/').at(-1) ?? '';
  if (!/^[A-Z]/.test(module)) {
    return `"${specifier}" is a barrel, which costs every bundle 20 KB: import one module, such as "effect/Effect".`;
  }
  if (name === undefined || inside === undefined) return undefined;
  if (isEffectOfAdapter(name, inside)) return undefined;
  if (packageRoles[name] === 'adapter')
    return 'an adapter speaks promises and AbortSignal: Effect is for its entry ./effect, in its src/effect.ts.';
  if (name !== 'core')
    return 'only core knows Effect, and entries ./effect of adapters: others speak promises and AbortSignal.';
  if (effectRooms.includes(roomOf(inside))) return undefined;
  return `only ${effectRooms.map((room) => `core/src/${room}`).join(', ')} may import Effect: return a command for the driver instead.`;
}

/** @param {string} file @param {string} specifier @param {string | undefined} name @param {string} inside */
function judgeRelative(file, specifier, name, inside) {
  const target = posix.join(posix.dirname(file), specifier);
  const [, other] = /^packages\/([^/]+)\/src(\/|$)/.exec(target) ?? [];
  const [, whole = '', room = ''] = /^(([^/]+)\/[^/]+\/)/.exec(file) ?? [];
  if (copied.includes(room) && !target.startsWith(whole)) {
    return `${whole} is copied as one folder: import packages by name, and write what else it needs into it.`;
  }
  const isInsider =
    (other === 'core' || Object.hasOwn(bundledInto, other ?? '')) &&
    insiders.some((folder) => file.startsWith(`${folder}/`));
  if (other !== undefined && other !== name && !isInsider) {
    return `this reaches into the sources of packages/${other}: import ${scope}${other} by name.`;
  }
  const isPlain = packageRoles[name ?? ''] === 'adapter' && !isEffectOfAdapter(name ?? '', inside);
  if (isPlain && file.includes('/src/') && isEffectOfAdapter(name ?? '', target.split('/src/')[1] ?? '')) {
    return 'who uses this file need not have Effect: only src/effect.ts and its folder may import each other.';
  }
  if (name !== 'core' || !file.startsWith('packages/core/src/') || other === undefined) return undefined;
  return judgeCoreFolder(roomOf(inside), roomOf(target.slice('packages/core/src/'.length)));
}

/** @param {string} from @param {string} to */
function judgeCoreFolder(from, to) {
  if (from === to) return undefined;
  if (to.endsWith('.ts')) {
    return `core/src/${to} is an entry: import the file that declares the name, inside its folder.`;
  }
  const allowed = from.endsWith('.ts') ? (coreEntries[from] ?? Object.keys(coreFolders)) : coreFolders[from];
  if (allowed === undefined) {
    return `core/src/${from} has no place in the house: add it to scripts/arrows/house.mjs and ARCHITECTURE.md.`;
  }
  if (allowed.includes(to)) return undefined;
  return `core/src/${from} may import ${listed(allowed)}, not core/src/${to}: move what both need to a lower folder.`;
}

/**
 * Whether a file of an adapter's sources is part of its entry `./effect`.
 *
 * @param {string} name
 * @param {string} inside
 */
function isEffectOfAdapter(name, inside) {
  return packageRoles[name] === 'adapter' && adapterEffectRooms.includes(inside.split('/')[0] ?? '');
}

/** Whether it is a package of ours that is not published. @param {string} specifier */
function isPrivate(specifier) {
  const [, target = ''] = /^@clarity\/flags-([^/]+)/.exec(specifier) ?? [];
  return target !== '' && (!Object.hasOwn(packageRoles, target) || Object.hasOwn(bundledInto, target));
}

/** @param {string} name @param {{ specifier: string, typeOnly: boolean }} imported */
function judgePackage(name, { specifier, typeOnly }) {
  const [target = '', entry = ''] = specifier.slice(scope.length).split(/\/(.*)/);
  const role = packageRoles[name];
  if (role === undefined) {
    return `packages/${name} has no place in the house: add it to scripts/arrows/house.mjs and ARCHITECTURE.md.`;
  }
  if (target === name) return 'a package imports its own files by relative path.';
  if (Object.hasOwn(bundledInto, target)) {
    const users = bundledInto[target] ?? [];
    if (users.includes(name)) return undefined;
    return `${target} is private, and bundled into ${listed(users)} only: add ${name} in scripts/arrows/house.mjs and to its tsup.config.ts.`;
  }
  if (isPrivate(specifier)) return `who installs ${scope}${name} has no ${scope}${target}: only tests may import it.`;
  const isKit = target === 'core' && adapterEntries.includes(entry);
  const kit = listed(adapterEntries.map((one) => `${scope}core/${one}`));
  switch (role) {
    case 'core':
      return 'core knows no other package.';
    case 'pure':
      return target === 'core' && pureEntries.includes(entry)
        ? undefined
        : `what is pure imports ${listed(pureEntries.map((one) => `${scope}core/${one}`))} only: take the rest as an argument.`;
    case 'part':
    case 'adapter':
      return isKit
        ? undefined
        : `${role === 'part' ? 'what is bundled into others' : 'an adapter'} imports ${kit} and no other package of ours: what it needs belongs in one of these.`;
    case 'face':
      if (packageRoles[target] === 'pure') return undefined;
      if (target !== 'core') return `a face knows only core, what is pure and what is bundled into it, not ${target}.`;
      return typeOnly || isKit
        ? undefined
        : `a face takes types from core, and values from ${kit} only: write "import type", or pass the value in.`;
    case 'testing':
      return target === 'core' ? undefined : `testing knows only core, not ${target}.`;
    case 'root':
      return undefined;
  }
}

/**
 * The folder of core/src that a path lies in, the innermost that the plan names, or the entry file that it is.
 *
 * @param {string} inside
 */
function roomOf(inside) {
  const [outer = '', inner = ''] = inside.split('/');
  const room = `${outer}/${inner}`;
  return Object.hasOwn(coreFolders, room) ? room : outer;
}

/** @param {string} specifier */
function isNodeBuiltin(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** @param {readonly string[]} names */
function listed(names) {
  return names.length === 0 ? 'no other folder' : names.join(', ');
}
