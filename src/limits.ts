/** The limits of the server; those that somebody outside meets are in a table of docs/operations.md. */
export const LIMITS = {
  /** Characters of an address (path and query). */
  maxAddressChars: 8192,
  /** Bytes of all headers together; longer than an address may be, so that an over-long address is told as such. */
  maxHeaderBytes: 32_768,
  /** Bytes of a posted form. */
  maxBodyBytes: 65_536,
  /** Bytes of a FHIR resource that is sent: a chart of some thousand entries. */
  maxResourceBytes: 5_242_880,
  /** Levels of JSON or XML, deeper than any resource means to be: what reads it further must not run out of stack. */
  maxResourceDepth: 100,
  /** Values of it: braces, brackets and commas of JSON, elements and attributes of XML. A full body of real charts has half as many. */
  maxResourceElements: 500_000,
  /** Requests of one Bundle. */
  maxBatchEntries: 500,
  /**
   * Bytes of bodies that are being read or answered, with what their values take in memory, and of answers on their way, in the whole
   * process: with what it holds beside them it fits into a heap of 256 MB.
   */
  maxBytesInFlight: 50_331_648,
  /** A request that is as small as this may take from a reserve beyond them: large ones do not keep it out. */
  smallRequestBytes: 131_072,
  spareBytesInFlight: 16_777_216,
  /** Larger ones are worked on one after the other; one waits so long for those before it. */
  largeWaitMs: 10_000,
  /** Bytes of an answer, and of one of FHIR's that is laid out for a person where that is wished (`_pretty`). */
  maxAnswerBytes: 16_777_216,
  maxPrettyBytes: 1_048_576,
  /** After this long no further entry of a Bundle is begun: each may cost what a request may, and a proxy in front waits half a minute. */
  maxBatchMs: 5_000,
  /** Parameters of one request, query and form together. */
  maxParameters: 200,
  /** Main search criteria of one request. */
  maxCriteria: 50,
  /** Resources of one chart, the entries of its Bundles included. */
  maxChartResources: 5000,
  /** Different things that one chart may ask about, and values that one search over FHIR may look for. */
  maxChartQuestions: 1000,
  /** Characters of a text search; in FHIR, of all words that one search looks for. */
  maxQueryChars: 200,
  /** Hits of a text search. */
  maxHits: 50,
  /** Bytes of a pasted chart or list, as a form sends it. */
  maxPacketBytes: 4_194_304,
  /** Lines of a pasted list, and parts that commas divide them into: a thousand codes whose titles have commas in them. */
  maxListSteps: 10_000,
  /** Texts of one list that are searched for by their words: a millisecond or two of the process each. */
  maxListSearches: 400,
  /** Articles of one patient handout. */
  maxHandoutArticles: 20,
  /** A site's lists of articles, and bytes of their file. */
  maxWardLists: 50,
  maxListsBytes: 262_144,
  /** Characters of the texts that one handout prints: some 150 pages. */
  maxHandoutChars: 300_000,
  /** Handouts that are made into PDFs at once, and that wait for their turn. */
  handoutsAtOnce: 2,
  handoutQueue: 50,
  /** Bytes of a house handout that is printed beside other texts; a longer one is printed by its address. */
  maxHouseTextBytes: 131_072,
  /** Pixels of a logo in the PDF: each is decoded for every handout. */
  maxLogoPixels: 500_000,
  /** Bytes of the site's notice of language assistance. */
  maxNoticeBytes: 8_192,
  /** QR codes that are kept, some 5 KB each. */
  keptQrCodes: 500,
  /** Characters of the note on a patient handout. */
  maxNoteChars: 1000,
  /** Characters of what a reader says of an article in words. */
  maxRemarkChars: 300,
  /** Feedback that a client may send a minute. */
  feedbackPerMinute: 20,
  /** Bytes of the site's logo. */
  maxLogoBytes: 262_144,
  /** Matches of a page of a FHIR search, and versions of one of a history, where `_count` says nothing, and the most of one page. */
  defaultPageMatches: 50,
  maxPageMatches: 200,
  /** For so long a page link leads on through the matches of before a swap; matches that are kept for it, of all searches. */
  pageLinksMs: 600_000,
  maxEarlierMatches: 250_000,
  /** Bytes of a handout that a site writes, as JSON: a page of matches may hold 200 of them, and all that are there are searched. */
  maxHandoutBytes: 262_144,
  /** Faults of a resource, and parts of a search that were ignored, that are reported: nobody reads more at once. */
  maxFaults: 100,
  /** Bytes of versions, as they are stored, after which a page of a history ends: each may be as large as a body. */
  maxHistoryBytes: 4_194_304,
  /** Values of a repeated parameter of a terminology operation, codings of a concept, and designations of a listed code. */
  maxListValues: 100,
  /** Languages that one request may want a display in. */
  maxLanguages: 20,
  /** Codes of an expansion at once; a larger value set is asked for in parts. */
  maxExpansionCodes: 5000,
  /**
   * What one request may make of value sets. A code looked at is a step, one asked of the library ten: room for a code system of a
   * hundred thousand codes with several filters, and no more than some seconds of the process.
   */
  maxValueSetSteps: 2_000_000,
  /** Characters of a JSONP callback's name. */
  maxCallbackChars: 128,
  /** The issuer of JWTs may take this long to give its keys. */
  jwksTimeoutMs: 3_000,
  /** Bytes of its answer; a key has some 2 KB at most. */
  jwksAnswerBytes: 262_144,
  /** Its keys are fetched anew after this long; where they cannot be had, it is asked again after a pause. */
  jwksMaxAgeMs: 600_000,
  jwksPauseMs: 30_000,
  /** The pause while none are known: until then nobody comes in by a JWT. */
  jwksFirstPauseMs: 5_000,
  /** Keys that are tried at a token that does not say which one signed it. */
  jwksKeysTried: 5,
  /** Tokens that were found valid, and how long each is remembered without being looked at again. */
  rememberedTokens: 1_000,
  tokenRememberedMs: 300_000,
  /** Invalid tokens of an address a minute that are answered 401; further ones are 429. */
  guessesPerMinute: 60,
  /** Characters of a user's, a patient's or an encounter's id in a call of CDS Hooks. */
  maxContextChars: 200,
  /** Things said of cards in one request. */
  maxCardFeedback: 100,
  /** All that is fetched of an EHR's FHIR server for one call is waited for so long: its clinician waits too. */
  ehrTimeoutMs: 3_000,
  /** Bytes of one of its answers, pages of one search, and Medications that orders refer to. */
  ehrAnswerBytes: 2_097_152,
  ehrPages: 10,
  ehrMedications: 20,
  /** Reads of EHRs at once, and reads that wait for their turn. */
  ehrCalls: 32,
  ehrQueue: 500,
  /** One call to an EHR's authorization server, bytes of its answer, and how long its configuration is cached. */
  smartTimeoutMs: 10_000,
  smartAnswerBytes: 131_072,
  smartConfigurationMs: 600_000,
  /** All that a launched page reads of a chart is waited for so long, and what is written to it. */
  launchReadMs: 15_000,
  launchWriteMs: 15_000,
  /** Launches that wait for the EHR to send the user back, and for how long. */
  pendingLaunches: 5_000,
  pendingLaunchMs: 600_000,
  /** Sessions at once; each ends so long after its last request, and so long after its launch. */
  launchSessions: 5_000,
  launchIdleMs: 1_800_000,
  launchSessionMs: 28_800_000,
  /** Entries that wait to be written to charts again, how often each is tried, and the first pause; each further one is four times as long. */
  writeBackQueue: 200,
  writeBackTries: 3,
  writeBackPauseMs: 30_000,
  /** How often entries that have outlived their retention are deleted. */
  purgeEveryMs: 3_600_000,
  /** Entries of what was given that a search may look through, and that are listed on a page. */
  maxListedEntries: 5_000,
  /** Places (a user, a patient, an encounter) and cards that are remembered, and for how long. */
  cardPlaces: 20_000,
  cardsRemembered: 20_000,
  cardMemoryMs: 604_800_000,
  /** A CDS client's token may be valid for so long at most, and so many are remembered, so that none comes twice. */
  clientTokenMs: 3_600_000,
  clientTokens: 100_000,
  /** A client may take this long to send its request. */
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  /** How often connections are looked through for those two. */
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  /** A connection on which an answer waits and nothing moves is closed after this long: the client does not read. */
  silenceTimeoutMs: 30_000,
  /** Requests in flight may take this long after the signal to stop. */
  shutdownTimeoutMs: 10_000,
  /** Bytes of one file of an import, as it is unpacked or fetched; the largest official ones have some two gigabytes. */
  importFileBytes: 8_589_934_592,
  /** Characters of one line of it; longer than any line of any official file. */
  importLineChars: 1_000_000,
  /** Blank lines on end, of which the last of a file are passed over. */
  importBlankLines: 100_000,
  /** Characters of a site's own CSV files of articles, which are read together, and rows of all its CSV files. */
  importArticleChars: 16_777_216,
  importCsvRows: 500_000,
  /** A quoted cell of a CSV file may run over this many lines; beyond them its quote is wrong. */
  importRecordLines: 200,
  /** A connection to PostgreSQL, or a free one of the pool, is waited for this long. */
  databaseConnectMs: 2_000,
  /** A statement of a request may take this long; commands that write may take longer. */
  databaseStatementMs: 5_000,
  /** Statements that wait for a connection. */
  databaseQueue: 1_000,
  /** Writes that wait for their turn, and how long one waits: whoever asks is told, in place of piling up. */
  writeQueue: 200,
  writeWaitMs: 10_000,
  /** A write waits so long for this machine to hold what was written before it, in milliseconds. */
  catchUpMs: 2000,
  /** Lines of the audit trail are gathered to this many bytes, or for so long, before they are written. */
  auditGatherBytes: 16_000,
  auditFlushMs: 1_000,
  /** Bytes of them that wait for a file that cannot be written; further ones are lost. */
  auditBufferBytes: 8_388_608,
  /** Bytes of log lines that wait for an output that cannot be written; further ones are dropped and counted. */
  logBufferBytes: 8_388_608,
  /** At the end what waits is written for this long. */
  logCloseMs: 1_000,
  /** Bytes of a site's policy. */
  maxPolicyBytes: 1_048_576,
  /** How often a change of it is looked for; it is read at the second look that finds it the same. */
  policyEveryMs: 1_000,
  /** How often a new release is looked for, to make ready what its answers need. */
  prepareEveryMs: 1_000,
  /** An answer is kept no longer than this, and never past midnight UTC. */
  cacheMaxAgeMs: 3_600_000,
  /** An answer larger than this is not kept. */
  cacheMaxEntryBytes: 262_144,
  /** Below this a body is not compressed: it would hardly shrink by a packet. */
  compressFromBytes: 1400,
  /** Bytes of another terminology server's answer. */
  upstreamAnswerBytes: 262_144,
  /** Calls of it at once, and calls that wait for their turn. */
  upstreamCalls: 8,
  upstreamQueue: 2000,
  /** So many failures on end, and it is left alone for so long. */
  upstreamFailures: 5,
  upstreamPauseMs: 15_000,
  upstreamRetryAfterMs: 50,
  /** Answers of it that are kept, and for how long: codes change with releases, a map may be added at any time. */
  upstreamKept: 20_000,
  upstreamKeepFoundMs: 43_200_000,
  upstreamKeepNothingMs: 3_600_000,
} as const;
