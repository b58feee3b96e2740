import { expect, test } from '@jest/globals';
import { restateLine } from '../../../src/core/words/reading/restate.js';

test.each([
  ["why can't I eat grapefruit", 'grapefruit'],
  ['why cant i drink grapefruit juice?', 'grapefruit juice'],
  ['can my baby have honey', 'honey'],
  ['por qué no puedo comer toronja', 'toronja'],
  ['Chronic kidney disease, stage 3', 'Chronic kidney disease'],
  ['chronic kidney disease (stage IIIb)', 'chronic kidney disease'],
  ['heart failure, NYHA class III', 'heart failure'],
  ['strep test came back negative', 'strep test'],
  ['negative pap smear', 'pap smear'],
  ['prueba de embarazo negativa', 'prueba de embarazo'],
  ['nitro under the tongue', 'nitro sublingual'],
  ['low potassium foods', 'low potassium diet'],
  ['nitro under tongue', 'nitro sublingual'],
  ['heart healthy recipes', 'heart healthy diet'],
  ['comidas para diabéticos', 'dieta para diabéticos'],
  ['thoughts of hurting myself', 'self-harm'],
  ['urge to cut', 'self-harm'],
  ['mi hija se hace daño', 'autolesión'],
  ['thinking about killing himself', 'suicide'],
  ['ganas de matarme', 'suicidio'],
  ['no period not pregnant', 'no period'],
  ['sin regla y no embarazada', 'sin regla'],
  ['cough without fever', 'cough'],
  ['no fever but chills', 'chills'],
])('%s is about %s', (line, subject) => {
  expect(restateLine(line)).toBe(subject);
});

test.each([
  "why can't I eat",
  'grapefruit',
  'diabetes type 2',
  'stage 4 cancer',
  'can I',
  'HIV negative',
  'not pregnant',
  'no me baja la regla',
  'cut myself shaving',
  'wants to die at home',
  'se hace daño en la rodilla',
  'migraine without aura',
  `can I eat ${'x'.repeat(200)}`,
])('%s stays as it is', (line) => {
  expect(restateLine(line)).toBeUndefined();
});
