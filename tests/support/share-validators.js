/**
 * Lets a class of Ajv compile a schema once for as long as a worker lives. Each library that a test builds is read with schemas that
 * tests before it compiled, which took a tenth of a test run. Equal options, formats, keywords and schemas have one validator; it
 * holds nothing but the errors of its last call.
 */
export function shareValidators({ prototype }) {
  const { addFormat, addKeyword, addSchema, compile } = prototype;
  const validators = new Map();
  /** Schemas that were checked, with all that was added before them. */
  const checked = new Set();
  /** What was added to each instance. */
  const added = new WeakMap();
  const note = (ajv, ...what) => added.set(ajv, `${added.get(ajv) ?? ''} ${JSON.stringify(what)}`);
  // All have the one resolver of addresses, which has no JSON.
  const madeOf = (ajv) => `${JSON.stringify({ ...ajv.opts, uriResolver: undefined })} ${added.get(ajv) ?? ''}`;

  Object.assign(prototype, {
    addFormat(name, format) {
      note(this, 'format', name);
      return addFormat.call(this, name, format);
    },
    addKeyword(keyword, definition) {
      note(this, 'keyword', keyword.keyword ?? keyword);
      return addKeyword.call(this, keyword, definition);
    },
    addSchema(schema, key, isMeta, isToCheck = this.opts.validateSchema) {
      note(this, 'schema', schema, key);
      const all = madeOf(this);
      addSchema.call(this, schema, key, isMeta, checked.has(all) ? false : isToCheck);
      checked.add(all);
      return this;
    },
    compile(schema, isMeta) {
      const source = `${madeOf(this)} ${JSON.stringify(schema)}`;
      if (!validators.has(source)) validators.set(source, compile.call(this, schema, isMeta));
      return validators.get(source);
    },
  });
}
