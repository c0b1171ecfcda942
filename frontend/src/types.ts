import { DataSourceJsonData } from '@grafana/data';
import { DataQuery } from '@grafana/schema';

export type TraceStore = 'tempo' | 'jaeger' | 'zipkin';
export type LogRows = 'all' | 'messages' | 'none';
export type History = 'full' | 'delta';
export type Lanes = 'role' | 'service';
export type View = 'trace' | 'logs' | 'nodeGraph' | 'table';
export type MinLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** One condition of the search builder; `value` may hold `${variables}`. */
export interface SearchFields {
  service?: string;
  operation?: string;
  conversation?: string;
  model?: string;
  tool?: string;
  user?: string;
  status?: 'error' | 'ok' | 'unset';
  minDuration?: string;
  maxDuration?: string;
}

/**
 * Tempo's query model, because Grafana's links, exemplars and derived fields write it. `query` is a trace ID or TraceQL
 * (`queryType` absent or `traceql`), or a conversation ID (`conversation`). Everything below `query` is optional.
 */
export interface SpanlogQuery extends DataQuery {
  query?: string;
  queryType?: string;
  logs?: LogRows;
  history?: History;
  lanes?: Lanes;
  minLevel?: MinLevel;
  logsQuery?: string;
  limit?: number;
  views?: View[];
  /** What the search builder shows; the editor writes TraceQL from it into `query`. The backend does not read it. */
  search?: SearchFields;
  /** Ask again while the trace still grows. Read by the data source class only. */
  live?: boolean;
}

/** What the backend takes for a trace ID rather than for a search. */
export const TRACE_ID = /^[0-9a-f]{1,32}$/i;

export const QUERY_TYPE_TRACEQL = 'traceql';
export const QUERY_TYPE_CONVERSATION = 'conversation';

/** The keys with which Grafana's HTTP settings describe one upstream. Both stores use them. */
export interface HttpOptions {
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
  serverName?: string;
  oauthPassThru?: boolean;
  keepCookies?: string[];
  timeout?: number;
}

export interface KeyValue {
  key: string;
  value: string;
}

export interface LogStoreOptions extends HttpOptions {
  url?: string;
  /** Authentication, TLS, headers and timeouts of the trace store hold for the log store too. */
  sameAsTraces?: boolean;
  basicAuth?: boolean;
  basicAuthUser?: string;
  query?: string;
  tags?: KeyValue[];
  startShift?: string;
  endShift?: string;
  maxRecords?: number;
  traceIdKeys?: string[];
  spanIdKeys?: string[];
  traceIdRegex?: string;
}

export interface Price {
  model: string;
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
}

export interface LimitOptions {
  responseBytes?: number;
  frameBytes?: number;
  attributeBytes?: number;
  spans?: number;
  concurrentQueries?: number;
}

export type ContentLevel = 'none' | 'metadata' | 'preview' | 'full';

/** One redaction rule; exactly one of the keys but `name` is set. */
export interface RedactRule {
  builtin?: string;
  regex?: string;
  /** What stands in place of what a regular expression matched. */
  name?: string;
  attribute?: string;
  jsonPath?: string;
}

export interface PolicyOptions {
  redact?: RedactRule[];
  /** By Grafana role, `anonymous` and `alerting`. */
  levels?: Record<string, ContentLevel>;
  previewChars?: number;
  media?: boolean;
  audit?: boolean;
}

export interface SpanlogOptions extends DataSourceJsonData, HttpOptions {
  traceStore?: TraceStore;
  logs?: LogStoreOptions;
  messages?: { lanes?: Lanes; history?: History; previewChars?: number };
  prices?: Price[];
  limits?: LimitOptions;
  policy?: PolicyOptions;
  correctClockSkew?: boolean;
  spanBar?: { type?: 'None' | 'Duration' | 'Tag'; tag?: string };
  tracesToLogsV2?: { datasourceUid?: string; [key: string]: unknown };
  tracesToMetrics?: { datasourceUid?: string; [key: string]: unknown };
}

/** Names of secrets follow Grafana's (`basicAuthPassword`, `tlsCACert`, …); the log store's begin with `logs`. */
export type SpanlogSecrets = Record<string, string | undefined>;
