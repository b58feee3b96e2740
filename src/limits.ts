/** The limits of the server; those that clients can meet are in a table of docs/operations/reference.md. */
export const LIMITS = {
  /** Characters of an address (path and query). */
  maxAddressChars: 8192,
  /** Bytes of all headers together; more than an address may have, so that an over-long address is reported as such. */
  maxHeaderBytes: 32_768,
  /** Bytes of a posted form. */
  maxBodyBytes: 65_536,
  /** Bytes of a FHIR resource in a request: a chart of some thousand entries. */
  maxResourceBytes: 5_242_880,
  /** Levels of JSON or XML, deeper than any real resource: its readers must not exhaust the stack. */
  maxResourceDepth: 100,
  /**
   * Values in it: braces, brackets and commas of JSON, elements and attributes of XML. Real charts of the maximum size
   * have half as many.
   */
  maxResourceElements: 500_000,
  /** Attributes of one element of XML, namespaces included; members of one object of JSON. Real ones have some dozens. */
  maxAttributes: 100,
  maxMembers: 1_000,
  /** Characters of a narrative that is to be stored: a long handout's has a tenth of it. */
  maxNarrativeChars: 65_536,
  /** Requests of one Bundle. */
  maxBatchEntries: 500,
  /**
   * Bytes, in the whole process, of bodies being read or answered, including the memory of their values, and of
   * responses being sent: together with the rest of the process this fits into a heap of 256 MB.
   */
  maxBytesInFlight: 50_331_648,
  /** Requests up to this size may use a reserve beyond that, so that large ones do not block them. */
  smallRequestBytes: 131_072,
  spareBytesInFlight: 16_777_216,
  /** Larger ones are processed one at a time; maximum waiting time. */
  largeWaitMs: 10_000,
  /**
   * Long work in worker processes: waiting requests, how long each waits, how long each is worked on, and the heap of a process in MiB.
   * Bodies of so many bytes, queries of so many characters (of a search page, of an infobutton) and charts of so many resources are no long
   * work for themselves.
   */
  heavyQueue: 200,
  heavyWaitMs: 10_000,
  heavyWorkMs: 20_000,
  workerHeapMb: 256,
  followEveryMs: 250,
  lightBodyBytes: 4096,
  lightQueryChars: 1024,
  lightSearchChars: 160,
  lightRequestChars: 2048,
  lightResources: 20,
  /** Bytes of a response, also of an indented one (`_pretty`). */
  maxAnswerBytes: 16_777_216,
  maxPrettyBytes: 1_048_576,
  /**
   * After this time no further entry of a Bundle is started: each may take as long as a request, and a proxy usually
   * waits half a minute.
   */
  maxBatchMs: 5_000,
  /** Parameters of one request, query and form together. */
  maxParameters: 200,
  /** Names in `_elements`: more than any type has. */
  maxElements: 200,
  /** Main search criteria of one request. */
  maxCriteria: 50,
  /** Resources of one chart, the entries of its Bundles included. */
  maxChartResources: 5000,
  /** Different questions from one chart, and values in one FHIR search. */
  maxChartQuestions: 1000,
  /** Characters of a text search; in FHIR, of all words of one search. */
  maxQueryChars: 200,
  /** Hits of a text search. */
  maxHits: 50,
  /** Bytes of a pasted chart or list, as a form sends it. */
  maxPacketBytes: 4_194_304,
  /** Characters of a pasted list, and of a rejected one that its form shows again. */
  maxListChars: 524_288,
  maxEchoChars: 65_536,
  /** Parts of a pasted list's lines, separated by commas: a thousand codes whose titles contain commas. */
  maxListParts: 10_000,
  /** Texts of one list that are searched for by their words: a millisecond or two of the process each. */
  maxListSearches: 400,
  /** Articles of one patient handout. */
  maxHandoutArticles: 20,
  /** A site's lists of articles, and bytes of their file. */
  maxWardLists: 50,
  maxListsBytes: 262_144,
  /** Characters of the texts on one handout: some 150 pages. */
  maxHandoutChars: 300_000,
  /** Handouts that wait to be printed as a PDF. */
  handoutQueue: 50,
  /** Bytes of a house handout printed in full; for a longer one only its address is printed. */
  maxHouseTextBytes: 131_072,
  /** Pixels of a logo in the PDF: it is decoded for every handout. */
  maxLogoPixels: 500_000,
  /**
   * The check of a site's PDFs: bytes of a file, pages that are read, milliseconds a file, MiB of its process and how often that is
   * read, results that are remembered.
   */
  maxPdfBytes: 33_554_432,
  maxPdfPages: 100,
  pdfCheckMs: 15_000,
  pdfProcessMb: 384,
  pdfMemoryEveryMs: 50,
  pdfsRemembered: 2_000,
  /** After so long a page, or the answer to a write, leaves out what has not been checked. */
  pdfPatienceMs: 3_000,
  /** Bytes of the site's notice of language assistance. */
  maxNoticeBytes: 32_768,
  /** Cached QR codes, some 5 KB each. */
  keptQrCodes: 500,
  /** Characters of the note on a patient handout. */
  maxNoteChars: 1000,
  /** Appointments and calls of a handout's follow-up, and characters of each of their texts. */
  maxAppointments: 4,
  maxFollowUpCalls: 3,
  maxFollowUpChars: 200,
  /** Characters of a reader's remark on an article. */
  maxRemarkChars: 300,
  /** Feedback per client per minute. */
  feedbackPerMinute: 20,
  /** Bytes of a logo of the site, and of all logos of its departments: each process has them. */
  maxLogoBytes: 262_144,
  maxDepartmentLogoBytes: 8_388_608,
  /** Bytes of the file of departments. */
  maxDepartmentsBytes: 262_144,
  /** Matches per page of a FHIR search: default without `_count`, and maximum. */
  defaultPageMatches: 50,
  maxPageMatches: 200,
  /** How long a page link still returns the matches from before a swap; maximum matches cached for all such links. */
  pageLinksMs: 600_000,
  maxEarlierMatches: 250_000,
  /** Bytes of a handout that a site writes, as JSON: a page of matches may hold 200 of them, and all that are there are searched. */
  maxHandoutBytes: 262_144,
  /** Reported faults of a resource, and reported ignored parts of a search: more are of no use to a reader. */
  maxFaults: 100,
  /** Values of a repeated parameter of a terminology operation, and codings of a concept. */
  maxListValues: 100,
  /** Languages of displays in one request. */
  maxLanguages: 20,
  /** Codes of an expansion at once; a larger value set is requested in parts. */
  maxExpansionCodes: 5000,
  /** Characters of a JSONP callback's name. */
  maxCallbackChars: 128,
  /** Timeout for fetching the JWT issuer's keys. */
  jwksTimeoutMs: 3_000,
  /** Bytes of the issuer's response; a key has some 2 KB at most. */
  jwksAnswerBytes: 262_144,
  /** The issuer's keys are fetched again after this time; after a failure, following a pause. */
  jwksMaxAgeMs: 600_000,
  jwksPauseMs: 30_000,
  /** The pause while no keys are known: until then all JWTs are rejected. */
  jwksFirstPauseMs: 5_000,
  /** Keys tried for a token that does not name its key. */
  jwksKeysTried: 5,
  /** Cached valid tokens, and how long each is cached. */
  rememberedTokens: 1_000,
  tokenRememberedMs: 300_000,
  /** Maximum invalid tokens per client address per minute that are answered 401; further ones get 429. */
  guessesPerMinute: 60,
  /** Characters of a user's, a patient's or an encounter's id in a CDS Hooks call. */
  maxContextChars: 200,
  /** Card feedback entries per request. */
  maxCardFeedback: 100,
  /** Timeout for all data fetched from an EHR's FHIR server for one call: a clinician is waiting. */
  ehrTimeoutMs: 3_000,
  /** Timeout for what a chart shows as handed over: the card comes without it then. */
  cardHandoversMs: 500,
  /** Bytes of one of its responses, pages of one search, and Medications referenced by orders. */
  ehrAnswerBytes: 2_097_152,
  ehrPages: 10,
  ehrMedications: 20,
  /** Concurrent reads from EHRs, and reads waiting for their turn. */
  ehrCalls: 32,
  ehrQueue: 500,
  /** One call to an EHR's authorization server, bytes of its answer, and how long its configuration is cached. */
  smartTimeoutMs: 10_000,
  smartAnswerBytes: 131_072,
  smartConfigurationMs: 600_000,
  /** How long a launched page waits for all that it reads of a chart, or writes to it. */
  launchReadMs: 15_000,
  /** After so long a page shows what has arrived of a chart, and waits on. */
  launchPatienceMs: 2_000,
  launchWriteMs: 15_000,
  /** How long a launch waits for the EHR to send the user back, and returned launches that are remembered, so that none is used twice. */
  pendingLaunchMs: 600_000,
  usedLaunches: 5_000,
  /** A token is renewed so long before its end. */
  tokenRenewMs: 60_000,
  /** Sessions at once; each ends so long after its last request, and so long after its launch. */
  launchSessions: 5_000,
  launchIdleMs: 1_800_000,
  launchSessionMs: 28_800_000,
  /** The cookie of a person who has signed in is written anew so long after it was written. */
  sessionRenewMs: 300_000,
  /** Entries that wait to be written to charts again, how often each is tried, and the first pause; each further one is four times as long. */
  writeBackQueue: 200,
  writeBackTries: 3,
  writeBackPauseMs: 30_000,
  /** The longest pause that an EHR may ask for before the next retry. */
  writeBackLongestPauseMs: 1_800_000,
  /** An entry without a result is under way for so long at most; an older one was left by a process that ended. */
  writeBackUnderWayMs: 120_000,
  /** Waiting entries are counted so far back, and so often at most. */
  writeBackCountedMs: 7_776_000_000,
  writeBackCountMs: 60_000,
  /** How often entries that have outlived their retention are marked, and deleted a week later. */
  purgeEveryMs: 3_600_000,
  /** Interval of the check of official sources' ages. */
  checkSourcesEveryMs: 86_400_000,
  /** Maximum recorded handovers that a search reads, and that a page lists. */
  maxListedEntries: 5_000,
  /** Places (a user, a patient, an encounter) and cards that are remembered, and for how long. */
  cardPlaces: 20_000,
  cardsRemembered: 20_000,
  cardMemoryMs: 604_800_000,
  /** Maximum lifetime of a CDS client's token, and number of remembered tokens, so that none is used twice. */
  clientTokenMs: 3_600_000,
  clientTokens: 100_000,
  /** Timeout for a client to send its request. */
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  /** Interval of checking connections for those two. */
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  /** Closes connections with a pending response whose client stopped reading. */
  silenceTimeoutMs: 30_000,
  /** Maximum duration of pending requests after the signal to stop. */
  shutdownTimeoutMs: 10_000,
  /** Bytes of one imported file, decompressed or downloaded; the largest official ones have some two gigabytes. */
  importFileBytes: 8_589_934_592,
  /** Characters of one of its lines; more than in any official file. */
  importLineChars: 1_000_000,
  /** Consecutive blank lines; those at a file's end are ignored. */
  importBlankLines: 100_000,
  /** Characters of a site's own CSV files of articles, which are read together, and rows of all its CSV files. */
  importArticleChars: 16_777_216,
  importCsvRows: 500_000,
  /** Lines of a quoted CSV cell; beyond that its quote is wrong. */
  importRecordLines: 200,
  /** Timeout for a connection to PostgreSQL, or for a free one of the pool. */
  databaseConnectMs: 2_000,
  /** Timeout for a statement of a request; commands that write may take longer. */
  databaseStatementMs: 5_000,
  /** Statements waiting for a connection. */
  databaseQueue: 1_000,
  /** Writes waiting for their turn, and the maximum waiting time: further writers get an error at once. */
  writeQueue: 200,
  writeWaitMs: 10_000,
  /** Maximum time, in milliseconds, that a write waits until this machine has all earlier writes. */
  catchUpMs: 2000,
  /** Buffer of the audit trail in bytes, and the time after which it is written. */
  auditGatherBytes: 16_000,
  auditFlushMs: 1_000,
  /** Bytes of audit lines waiting for a file that cannot be written; further ones are lost. */
  auditBufferBytes: 8_388_608,
  /** Bytes of log lines waiting for an output that cannot be written; further ones are dropped and counted. */
  logBufferBytes: 8_388_608,
  /** Timeout for writing the waiting lines at exit. */
  logCloseMs: 1_000,
  /** Bytes of a site's policy. */
  maxPolicyBytes: 1_048_576,
  /** Interval of checking the policy for changes; a change is read when two checks in a row find the same state. */
  policyEveryMs: 1_000,
  /** Interval of checking for a new release, whose cached data is then prepared. */
  prepareEveryMs: 1_000,
  /** Time after the start at which the words that requests are understood by are read. */
  prepareWordsAfterMs: 100,
  /** Maximum lifetime of a cached answer, which also ends at midnight UTC. */
  cacheMaxAgeMs: 3_600_000,
  /** Larger answers are not cached. */
  cacheMaxEntryBytes: 262_144,
  /** Smaller bodies are not compressed: it would hardly save a packet. */
  compressFromBytes: 1400,
  /** Bytes of the terminology server's response. */
  upstreamAnswerBytes: 262_144,
  /** Concurrent calls to it, and calls waiting for their turn. */
  upstreamCalls: 8,
  upstreamQueue: 2000,
  /** Consecutive failures after which calls pause, and the duration of the pause. */
  upstreamFailures: 5,
  upstreamPauseMs: 15_000,
  upstreamRetryAfterMs: 50,
  /** Its cached responses, and how long they are cached: codes change with releases, a map may be added at any time. */
  upstreamKept: 20_000,
  upstreamKeepFoundMs: 43_200_000,
  upstreamKeepNothingMs: 3_600_000,
} as const;
