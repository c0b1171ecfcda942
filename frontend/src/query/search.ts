import { SearchFields, TraceStore } from '../types';
import { quote } from './complete/completer';

// A value with a variable in it may stand for several values: those are written as a regular expression.
const hasVariable = (value: string) => /\$\{?\w/.test(value) || value.includes('[[');

/** `"` and `\` inside a variable's own syntax stay as they are. */
const quoted = (value: string) => (hasVariable(value) ? `"${value}"` : quote(value));

const equals = (name: string, value: string) => `${name} ${hasVariable(value) ? '=~' : '='} ${quoted(value)}`;

const anyOf = (names: string[], value: string) => names.map((name) => equals(name, value)).join(' || ');

const has = (value: string | undefined): value is string => Boolean(value?.trim());

/** Attributes that carry the same thing, by dialect: OpenTelemetry, OpenInference, OpenLLMetry and relatives. */
export const ATTRIBUTES = {
  conversation: ['span.gen_ai.conversation.id', 'span.session.id'],
  model: ['span.gen_ai.request.model', 'span.gen_ai.response.model', 'span.llm.model_name'],
  tool: ['span.gen_ai.tool.name', 'span.tool.name'],
  user: ['span.user.id', 'span.enduser.id'],
};

/**
 * The search as TraceQL. Service and operation are of one span; every other field may be met by another span of the
 * trace, because an agent run has its model, its tools and its user on different spans.
 */
export function toTraceql(fields: SearchFields): string {
  const span = [
    has(fields.service) && equals('resource.service.name', fields.service),
    has(fields.operation) && equals('name', fields.operation),
  ].filter(Boolean);

  const sets = [
    span.length > 0 && span.join(' && '),
    has(fields.conversation) && anyOf(ATTRIBUTES.conversation, fields.conversation),
    has(fields.model) && anyOf(ATTRIBUTES.model, fields.model),
    has(fields.tool) && anyOf(ATTRIBUTES.tool, fields.tool),
    has(fields.user) && anyOf(ATTRIBUTES.user, fields.user),
    fields.status && `status = ${fields.status}`,
    has(fields.minDuration) && `traceDuration >= ${fields.minDuration}`,
    has(fields.maxDuration) && `traceDuration <= ${fields.maxDuration}`,
  ].filter(Boolean);

  return sets.length === 0 ? '{ }' : sets.map((set) => `{ ${set} }`).join(' && ');
}

const word = (key: string, value: string) => `${key}=${/[\s"=]/.test(value) ? quote(value) : value}`;

/** The search as `key=value` words, for Jaeger and Zipkin, which have no query language. */
export function toWords(fields: SearchFields): string {
  return [
    has(fields.service) && word('service', fields.service),
    has(fields.operation) && word('operation', fields.operation),
    has(fields.conversation) && word('gen_ai.conversation.id', fields.conversation),
    has(fields.model) && word('gen_ai.request.model', fields.model),
    has(fields.tool) && word('gen_ai.tool.name', fields.tool),
    has(fields.user) && word('user.id', fields.user),
    fields.status === 'error' && word('error', 'true'),
    has(fields.minDuration) && word('minDuration', fields.minDuration),
    has(fields.maxDuration) && word('maxDuration', fields.maxDuration),
  ]
    .filter(Boolean)
    .join(' ');
}

export function searchText(store: TraceStore, fields: SearchFields): string {
  return store === 'tempo' ? toTraceql(fields) : toWords(fields);
}

/** A positive TraceQL (and Go) duration. */
export function isDuration(value: string | undefined): boolean {
  return !has(value) || hasVariable(value) || /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value);
}
