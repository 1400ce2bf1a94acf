/** What the source can report to a merchant by code, read from its syntax trees: causes, notes, reasons, subjects, groups, names of fields. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['connectors', 'app-server', 'ecwid-app', 'shopware-app'];

export interface Reported {
  readonly code: string;
  /** `file:line`. */
  readonly at: string;
  /** Names of the values that always come with it; `undefined` where the place does not tell. */
  readonly params?: readonly string[] | undefined;
}

export interface Reports {
  /** Of failures and of refusals of the settings API. */
  readonly causes: readonly Reported[];
  /** Of plans and of the test of a connection. */
  readonly notes: readonly Reported[];
  /** Why a record or a step of its plan is left out. */
  readonly reasons: readonly Reported[];
  readonly subjects: readonly Reported[];
  readonly groups: readonly Reported[];
  /** Paths of changed fields, with `*` for what is only known at run time. */
  readonly fields: readonly Reported[];
}

/** A function that is handed a code by its callers. */
interface Passing {
  readonly index: number;
  readonly kind: 'causes' | 'notes' | 'reasons';
  /** Only known in this file; absent: exported. */
  readonly file?: string;
}

interface Ground {
  readonly reports: Record<keyof Reports, Reported[]>;
  readonly constants: Map<string, string>;
  readonly passing: Map<string, Passing[]>;
}

export function readReports(): Reports {
  const files = sources();
  const ground: Ground = {
    reports: { causes: [], notes: [], reasons: [], subjects: [], groups: [], fields: [] },
    constants: new Map(),
    passing: new Map(),
  };
  for (const file of files) walk(file, (node) => learn(node, file, ground));
  for (const file of files) walk(file, (node) => note(node, file, ground));
  return ground.reports;
}

function sources(): ts.SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/(^|\/)(screens|storefront|dist|node_modules)\//.test(name.replaceAll('\\', '/')))
      .map((name) => {
        const path = join(root, folder, name);
        return ts.createSourceFile(relative(root, path), readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
      }),
  );
}

function walk(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => walk(child, see));
}

/** Constants that hold a code, and functions that take one. */
function learn(node: ts.Node, file: ts.SourceFile, { constants, passing }: Ground): void {
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
    if (ts.isStringLiteral(node.initializer)) constants.set(node.name.text, node.initializer.text);
    if (ts.isArrowFunction(node.initializer)) remember(node.name.text, node.initializer, isExported(node.parent.parent));
  }
  if (ts.isFunctionDeclaration(node) && node.name) remember(node.name.text, node, isExported(node));

  function remember(name: string, taker: ts.ArrowFunction | ts.FunctionDeclaration, exported: boolean): void {
    taker.parameters.forEach((parameter, index) => {
      const called = parameter.name.getText(file);
      const body = taker.getText(file);
      // A reason beside a code is one of its values.
      if (called !== 'code' && (called !== 'reason' || /\bcode:/.test(body))) return;
      const kind = called === 'reason' ? 'reasons' : /new (Failure|Problem)\b/.test(body) ? 'causes' : 'notes';
      passing.set(name, [...(passing.get(name) ?? []), { index, kind, ...(!exported && { file: file.fileName }) }]);
    });
  }
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function note(node: ts.Node, file: ts.SourceFile, ground: Ground): void {
  if (ts.isObjectLiteralExpression(node)) noteObject(node, file, ground);
  else if (ts.isCallExpression(node)) noteCall(node, file, ground);
  else if (ts.isParameter(node) && node.name.getText(file) === 'code' && node.initializer)
    add(ground, 'causes', { texts: texts(node.initializer, ground), node, file });
  else if (ts.isVariableDeclaration(node) && node.initializer && ['reason', 'subject'].includes(node.name.getText(file)))
    add(ground, node.name.getText(file) === 'reason' ? 'reasons' : 'subjects', { texts: texts(node.initializer, ground), node, file });
  else if (ts.isTypeAliasDeclaration(node) && ['GateReason', 'NotForThisFlow'].includes(node.name.text))
    walk(node.type, (part) => {
      if (ts.isStringLiteral(part)) add(ground, 'reasons', { texts: [part.text], node: part, file });
    });
}

function noteObject(node: ts.ObjectLiteralExpression, file: ts.SourceFile, ground: Ground): void {
  const given = new Map<string, ts.Expression>();
  for (const property of node.properties) {
    if (ts.isPropertyAssignment(property)) given.set(property.name.getText(file), property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) given.set(property.name.text, property.name);
  }
  const has = (...names: readonly string[]): boolean => names.some((name) => given.has(name));
  const told = (name: string): string[] => texts(given.get(name), ground);
  const thrown = ts.isNewExpression(node.parent) && /^(Failure|Problem)$/.test(node.parent.expression.getText(file));
  const params = paramsIn(given.get('params'), file);
  if (thrown || has('remedy')) add(ground, 'causes', { texts: told('code'), node, file, params });
  else if (has('message') && !isIssueOfSchema(node, file)) add(ground, 'notes', { texts: told('code'), node, file, params });
  add(ground, 'reasons', { texts: told('reason'), node, file });
  if (has('changes', 'action', 'targetId')) add(ground, 'subjects', { texts: told('subject'), node, file });
  // What a product refers to and does not have yet becomes a step of its own, named for the entity.
  if (has('entity') && told('action').includes('upsert') && !isRequest(node, file))
    add(ground, 'subjects', { texts: told('entity'), node, file });
  if (has('label')) add(ground, 'groups', { texts: told('group'), node, file });
  if (has('after', 'before', 'kept')) add(ground, 'fields', { texts: paths(given.get('field')), node, file });
  if (has('wanted')) add(ground, 'fields', { texts: paths(given.get('path')), node, file });
  if (has('from', 'default', 'when', 'force')) add(ground, 'fields', { texts: paths(given.get('to')), node, file });
}

const partOfPerson = /^(customer|billing|shipping|product|category|consent)(\.\w+)+$/;

function noteCall(node: ts.CallExpression, file: ts.SourceFile, ground: Ground): void {
  const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
  for (const { index, kind, file: only } of ground.passing.get(name) ?? []) {
    if (only === undefined || only === file.fileName) add(ground, kind, { texts: texts(node.arguments[index], ground), node, file });
  }
  for (const argument of node.arguments) {
    if (ts.isStringLiteral(argument) && partOfPerson.test(argument.text)) add(ground, 'fields', { texts: [argument.text], node, file });
  }
}

/** `context.addIssue({ code: 'custom', … })` speaks to the form, in the schema's own words. */
const isIssueOfSchema = (node: ts.Node, file: ts.SourceFile): boolean =>
  ts.isCallExpression(node.parent) && node.parent.expression.getText(file).endsWith('addIssue');

const isRequest = (node: ts.Node, file: ts.SourceFile): boolean =>
  ts.isCallExpression(node.parent.parent) && node.parent.parent.expression.getText(file) === 'requestOf';

interface Sight {
  readonly texts: readonly string[];
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
  readonly params?: readonly string[] | undefined;
}

function add({ reports }: Ground, kind: keyof Reports, { texts: found, node, file, params }: Sight): void {
  const at = `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
  reports[kind].push(...found.filter((text) => text !== '').map((code) => ({ code, at, ...(params && { params }) })));
}

/** The strings that an expression may be; what is only known at run time is left out. */
function texts(node: ts.Expression | undefined, ground: Ground): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue, ground), ...texts(node.whenFalse, ground)];
  if (ts.isBinaryExpression(node)) return [...texts(node.left, ground), ...texts(node.right, ground)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return texts(node.expression, ground);
  const constant = ts.isIdentifier(node) ? ground.constants.get(node.text) : undefined;
  return constant === undefined ? [] : [constant];
}

function paths(node: ts.Expression | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return [];
  return [node.head.text + node.templateSpans.map((span) => `*${span.literal.text}`).join('')];
}

/** Values that come only sometimes (`...(x && { window })`) do not count. */
function paramsIn(node: ts.Expression | undefined, file: ts.SourceFile): readonly string[] | undefined {
  if (node === undefined) return [];
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((property) => (property.name ? [property.name.getText(file).replace(/['"]/g, '')] : []));
  }
  if (!ts.isIdentifier(node)) return undefined;
  let found: readonly string[] | undefined;
  walk(file, (other) => {
    if (!ts.isVariableDeclaration(other) || other.name.getText(file) !== node.text || !other.initializer) return;
    if (ts.isObjectLiteralExpression(other.initializer)) found = paramsIn(other.initializer, file);
  });
  return found;
}
