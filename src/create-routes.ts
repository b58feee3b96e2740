import type { Logger } from 'pino';
import { handoutFiles, handoutsFolder } from './build/handouts.js';
import { listFolderMaps } from './build/keep-mappings.js';
import type { Config } from './config/config.js';
import type { TerminologySource } from './core/answer/terminology-source.js';
import { UnansweredCodes } from './core/evaluation/unanswered-codes.js';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import type { Library } from './core/model/library.js';
import type { WrittenStore } from './core/model/written-store.js';
import { createCardState, createCdsHooks } from './create-cds-hooks.js';
import { createChartReader } from './create-chart-reader.js';
import { createLaunch } from './create-launch.js';
import type { MetricReaders } from './edge/observe/read-metric.js';
import { HandoutPrinter } from './handout/handout-printer.js';
import { HelpLines } from './handout/help-lines.js';
import { HouseTexts } from './handout/house-texts.js';
import { LIMITS } from './limits.js';
import { HousePdfs } from './pdf-check/house-pdfs.js';
import type { CardState } from './protocols/cds-hooks/answer-hook.js';
import { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { documentId } from './protocols/fhir/documents/identity.js';
import { createOutcomeRenderer } from './protocols/fhir/rest/outcome.js';
import { createFhir } from './protocols/fhir/rest/router.js';
import { isFhirAddress } from './protocols/fhir/rest/rows.js';
import { createInfobutton, infobuttonRoutes } from './protocols/infobutton/router.js';
import type { Route } from './protocols/route.js';
import { searchRoutes } from './protocols/search/router.js';
import { updatesRoutes } from './protocols/updates/router.js';
import { readVocabulary } from './read-vocabulary.js';
import type { Texts } from './texts.js';
import { EhrClient } from './upstream/ehr-client.js';
import { loadAssets } from './web/asset-files.js';
import { createCatalogue } from './web/catalogue.js';
import type { PageOptions } from './web/page-context.js';
import { createPage } from './web/pages/application-page.js';
import { createErrorRenderer } from './web/pages/error-page.js';
import { LANGUAGE_REPORT, languageReportRoutes } from './web/reports/language-report-page.js';
import { PDF_REPORT, pdfReportRoutes } from './web/reports/pdf-report-page.js';
import { USE_REPORT, useReportRoutes } from './web/reports/use-report-page.js';
import { webRoutes, withoutForeignForms } from './web/router.js';
import { KEEPER, keeperDataRoutes, keeperRoutes } from './web/keeper/keeper-routes.js';
import { countReviews } from './web/keeper/list-page.js';
import { accountRoute } from './web/sign-in/account-page.js';
import { signInRoutes, type SignInParts } from './web/sign-in/sign-in-routes.js';

/** The parts of the server that routes are created from. */
export interface RouteParts {
  readonly config: Config;
  readonly library: Library;
  /** Resources that the site writes; undefined: none. */
  readonly written?: WrittenStore;
  /** Undefined where no feedback is stored: pages then have no feedback link. */
  readonly feedback?: FeedbackQueue | undefined;
  /** Record of handed-over articles, where the site's configuration enables it; undefined: the library is read-only. */
  readonly handedOver?: HandedOverRecord | undefined;
}

/** Parts of a worker in place of those that only the main process has. */
export interface WorkerParts {
  readonly cardState: CardState;
  /** Whether an EHR can launch us. */
  readonly canLaunch: boolean;
  /** Reads nothing: a request that needs an EHR is answered by the main process. */
  readonly ehr: Pick<EhrClient, 'read'>;
}

/** Creates the route of addresses without one: it answers errors in the client's format. */
function createFallback(web: PageOptions, service: ReturnType<typeof createInfobutton>): Route {
  const renderOutcome = createOutcomeRenderer(web.texts);
  const renderPage = createErrorRenderer(web);
  return {
    path: '(none)',
    protocol: 'none',
    headerKind: 'api',
    document: undefined,
    renderError: (error, request) => {
      if (isFhirAddress(request.path)) return renderOutcome(error, request);
      const isBrowser = (request.headers.accept ?? '').includes('text/html');
      // Nothing here answers by JSONP: its status is sent as it is.
      return isBrowser ? renderPage(error, request) : { ...service.renderError(error, request), status: error.status };
    },
  };
}

/** Routes of the staff: signing in and out, the curators' desk, reports. */
function createStaffRoutes(
  web: PageOptions & Config,
  { signIn, handedOver }: Partial<Pick<RouteParts, 'handedOver'>> & { readonly signIn?: SignInParts | undefined },
  {
    desk,
    pdfs,
    unanswered,
  }: Pick<ReturnType<typeof createFhir>, 'desk'> & { readonly pdfs: HousePdfs; readonly unanswered: UnansweredCodes },
): Route[] {
  const allowsWriting = web.authorization?.allowsWriting === true;
  const data = desk && (signIn !== undefined || allowsWriting) ? keeperDataRoutes(web, desk) : [];
  if (!signIn) return data;
  const record = web.recordKeeping && handedOver;
  const linked = [
    ...(desk ? [KEEPER] : []),
    ...(web.localLibrary === undefined ? [] : [PDF_REPORT]),
    USE_REPORT,
    ...(record ? [LANGUAGE_REPORT] : []),
  ];
  const pages = [
    ...signInRoutes({ ...web, ...signIn }),
    accountRoute(web, linked),
    ...(desk ? keeperRoutes({ ...web, pdfs }, desk) : []),
    ...(record ? languageReportRoutes({ ...web, record }) : []),
    ...(web.localLibrary === undefined ? [] : pdfReportRoutes({ ...web, pdfs })),
    ...useReportRoutes({ ...web, record: record || undefined, unanswered }),
  ];
  return [...pages.map(withoutForeignForms), ...data];
}

/** Every route of every protocol. */
export function createRoutes(
  options: RouteParts & {
    readonly log?: Logger;
    readonly inWorker?: WorkerParts;
    readonly signIn?: SignInParts | undefined;
    /** Undefined in a worker, which shows no report. */
    readonly unanswered?: UnansweredCodes;
    /** Undefined in a worker, which writes nothing. */
    readonly pdfs?: HousePdfs;
  } & Partial<Pick<PageOptions, 'wardLists'>>,
  texts: Texts,
  upstream?: TerminologySource,
): { routes: Route[]; fallback: Route; web: PageOptions; readers: MetricReaders; cardState: CardState } {
  const { config, library, written } = options;
  const record = config.recordKeeping && options.handedOver;
  const { localLibrary, version } = config;
  const cardMemory = new CardMemory(LIMITS);
  const web: PageOptions & Config = {
    ...config,
    library,
    vocabulary: readVocabulary(config.resourcesDir),
    catalogue: createCatalogue(library),
    terminologySource: upstream,
    texts,
    assets: loadAssets(config.resourcesDir),
    wardLists: options.wardLists ?? [],
    feedback: options.feedback,
    readChart: createChartReader(config.timeZone),
    noteCardOpened: (card, article, now) => {
      cardMemory.open(card, article, now);
    },
    printer: new HandoutPrinter(config.siteLogo),
    helpLines: new HelpLines(config.resourcesDir),
    houseTexts: new HouseTexts(localLibrary && handoutsFolder(localLibrary)),
  };
  const page = createPage(web);
  const connector = { name: config.connectorName, url: config.connectorUrl };
  const parts = { ...web, ...LIMITS, connector, documentId, page };
  const service = createInfobutton('medlineplus', parts);
  const fallback = createFallback(web, service);
  // Ways to hand articles over, by paper and in the EHR: packet, handout, cards of CDS Hooks, launches.
  const client = new EhrClient(`EducationConnect/${version}`);
  const { inWorker } = options;
  const cardState = inWorker?.cardState ?? createCardState(config, cardMemory, record, client);
  const canLaunch = inWorker?.canLaunch ?? config.ehrs.length > 0;
  const cards = createCdsHooks(config, web, inWorker?.ehr ?? client, {
    memory: cardMemory,
    state: cardState,
    canLaunch,
  });
  const launches = createLaunch(config, web, client, record, options.log);
  const { pdfs = new HousePdfs(localLibrary), unanswered = new UnansweredCodes() } = options;
  const fhir = createFhir({
    ...web,
    written,
    handedOver: record,
    hasHandout: (name) => localLibrary !== undefined && handoutFiles(localLibrary).includes(name),
    listFolderMaps: () => listFolderMaps(localLibrary),
    checkHandout: (name) => pdfs.check(name, LIMITS.pdfPatienceMs),
  });
  const routes = [
    ...infobuttonRoutes(service, createInfobutton('hl7', parts)),
    ...webRoutes(web, page),
    ...createStaffRoutes(web, options, { desk: fhir.desk, pdfs, unanswered }),
    ...cards.routes,
    ...launches.routes,
    ...updatesRoutes(parts),
    ...searchRoutes(parts),
    ...fhir.routes,
  ];
  const readers = { ...cards.metrics, ...launches.metrics, ...(fhir.desk ? countReviews(fhir.desk) : {}) };
  return { routes, fallback, web, readers, cardState };
}
