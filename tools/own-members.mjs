// An ESLint rule: a text that may be anybody's indexes a Map, or an object that Object.hasOwn was asked about. A plain object answers
// `toString`, `constructor` and `__proto__` with what every object has.
import ts from 'typescript';

/** Whether a key may be any text: the compiler knows a list of names to be the object's own. */
const mayBeAnyText = (type) =>
  type.isUnion()
    ? type.types.some(mayBeAnyText)
    : (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any)) !== 0;

/** `Object.hasOwn(table, key)` around a read, in the texts of both. */
function isAsked(node, sourceCode) {
  const [table, key] = [sourceCode.getText(node.object), sourceCode.getText(node.property)];
  const question = `Object.hasOwn(${table}, ${key})`;
  for (let at = node.parent; at && !/Function|Program/.test(at.type); at = at.parent) {
    const test =
      at.type === 'ConditionalExpression' || at.type === 'IfStatement'
        ? at.test
        : at.type === 'LogicalExpression'
          ? at.left
          : undefined;
    if (test && sourceCode.getText(test).includes(question)) return true;
  }
  return false;
}

export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: { own: '{{table}} has members that nobody put there: use a Map, or findOwn' },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    return {
      MemberExpression(node) {
        if (!node.computed) return;
        if (!mayBeAnyText(services.getTypeAtLocation(node.property))) return;
        const type = checker.getNonNullableType(services.getTypeAtLocation(node.object));
        const members = type.getStringIndexType();
        // Lists and texts have none; what is known of nothing (`unknown`) is JSON as it was sent, and is checked before it is used.
        if (!members || (members.flags & ts.TypeFlags.Unknown) !== 0) return;
        const { parent } = node;
        if (parent.type === 'AssignmentExpression' && parent.left === node) return;
        if (isAsked(node, context.sourceCode)) return;
        context.report({ node, messageId: 'own', data: { table: context.sourceCode.getText(node.object) } });
      },
    };
  },
};
