import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

/** Ordinary Spanish words, many of them a letter or two from a medical one: `facturas`, `castillos`. */
const WORDS = `
abrochar acequia aguacero ahuyentar alcancía alcoba alfiler almacenaje almuerzan alquilan altavoz amanecí
amistoso anaranjado anduvimos animábamos aprendimos apretón apurado aquel arreglaban atajo atardecer
aviso ayudantes bachillerato baldosa banqueta barnizar bautizo bicicletas bisnieto bloques bocadillo
bolígrafo bordado borrego botín brillaba cabalgata cachorritos calabacitas callejones camarote canastilla
cantábamos capitán carcajada carnaval castañuela castillos cerillo chapulines chispa chistoso cinta
claraboya cobija cochera cochinilla codicia colgante compartimos concursante conejera confianza
construyeron contestó convivio coqueteo cortinero cosieron creíamos cremallera crucero cuaderno cubeta
cuchara cuento cumbre cumpleaños dábamos danzaban dedal desayunaron descalzos deseamos desenvolver desván
diploma dirección disfraz divertida docentes duende duraznos edificio ejemplo empacaron empate encargos
encontramos enredadera entregaron envoltura escaparon escuchamos espejo esquina estacionamiento
estampilla estantería estrenaron estufa etiquetar facturas faroles feriado ferrocarril festejo fogón
fragancia fregadero fresas frontera fuente furgón galleta ganadería garabato garrafa gavilán gobernador
gorra grabación granadas granja gritaban gritería guajolote guisado habitaciones helada hermanastro
herradura hilera hojalata hojuelas huerta imaginaban invitaciones invitado jardinería jardinero jaula
jinete jornada jueves jugamos juguetón ladrillo lagunas lanzamiento lavadero lechuga lejanía leñador
letrero leyenda librería licuado ligero limonada linterna llavecita llavero lluvias lluvioso lunes
madrinas madrugada maletero mandarinas manteles maquinista mariposa mecedora membrete merienda mermelada
meseta mezquita milagro mochilas modista molinillo monedero montaña mudaron muebles muñequito naipes
navaja navegantes neblina negocio nevando ochenta oficinas olvidaron ordenaron orilla papelería parientes
paseaban pasear pastelito patineta payaso pegamento pelota peluquero perchero periodista persiana
pescador pintaron platillo plumero podadora portero potrero prestado prestaron probador quedaron
quesadillas quince ramillete rancho rascacielos rebanada recibo recogieron regalaron remolino repisa
rincón rizado rompecabezas ciudadano sastrería secadora sendero serenata servilletas siembra silbato
soldados sombreros sonreían subasta subieron suéter tacaño tallado tapadera taquilla tarima telaraña
telenovela tendedero terraza tianguis tiendita tijeras tocaron toldo tostadas trabajaron trapeador trenza
tronada turista ubicado unirse vacaciones vainilla valija vecinas vecindario ventanilla verbena vereda
vestidor visitante yeguas yunque zacate zaguán
`
  .trim()
  .split(/\s+/);

const vocabulary = readVocabulary('resources');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const understand = async (query: string) =>
  (await understandWords({ query, language: 'es', kind: 'article', count: 1 }, connector.library, vocabulary)).hits[0];

describe('ordinary Spanish words', () => {
  test('are three hundred', () => {
    expect(new Set(WORDS).size).toBe(300);
  });

  test('lead to no page by correction', async () => {
    const corrected: string[] = [];
    for (const word of WORDS) if ((await understand(word))?.matched === 'spelling') corrected.push(word);
    expect(corrected).toEqual([]);
  });

  test('lead beside a medical word to no other page than that word does', async () => {
    const wrong: string[] = [];
    for (const word of WORDS) {
      const hit = await understand(`${word} y fiebre`);
      if (hit?.kind === 'article' && hit.matched === 'spelling' && hit.article.id !== 'topic-fever') wrong.push(word);
    }
    expect(wrong).toEqual([]);
  });
});

test.each([
  ['volaron', undefined],
  ['menores', undefined],
  ['muerte', undefined],
  ['polvo', undefined],
  // A word that is a title is found.
  ['volcanes', 'topic-volcanoes'],
])('an ordinary word is a page only where that has its name: %s', async (word, article) => {
  const hit = await understand(word);
  expect(hit?.kind === 'article' ? hit.article.id : undefined).toBe(article);
});
