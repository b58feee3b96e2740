import { LIMITS } from '../../limits.js';
import { CarriedBasket } from '../parts/basket.js';
import { Select } from '../parts/fields.js';
import type { Department } from '../../core/model/department.js';
import { DepartmentSelect } from '../department.js';
import type { PageContext } from '../page-context.js';
import { ChartChoiceFields, type ChartChoices } from './chart-choices.js';

/** Values of the form's fields. */
export interface ListFields extends ChartChoices {
  readonly list: string;
  readonly age: string;
  readonly ageUnit: string;
  readonly sex: string;
}

/** Units of an age that the form offers: UCUM code → text. */
export const AGE_UNITS = { a: 'years', mo: 'months', d: 'days' } as const;

/** The id of the form's error message. */
export const LIST_ERROR = 'list-error';

interface FormProps {
  readonly fields: ListFields;
  /** The list as the form holds it, escaped. */
  readonly listHtml: string;
  /** The sent age is not an age. */
  readonly badAge?: boolean;
  /** The patient has died, according to the chart. */
  readonly isDeceased?: boolean | undefined;
  readonly departments: readonly Department[];
  readonly page: PageContext;
}

function Reader({ fields, badAge = false, isDeceased = false, departments, page }: Omit<FormProps, 'listHtml'>) {
  const { t } = page;
  const units = Object.entries(AGE_UNITS).map(([unit, name]) => [unit, t(`packet.${name}`)] as const);
  const sexes = ['unknown', 'female', 'male'].map((sex) => [sex === 'unknown' ? '' : sex, t(`packet.${sex}`)] as const);
  return (
    <fieldset class="fields">
      <legend>{t('packet.patient')}</legend>
      <p>
        <label for="age">{t('packet.age')}</label>
        <input
          id="age"
          name="age"
          type="text"
          inputMode="numeric"
          maxLength={3}
          value={fields.age}
          autocomplete="off"
          aria-invalid={badAge ? 'true' : undefined}
          aria-describedby={badAge ? LIST_ERROR : undefined}
        />
      </p>
      <Select id="ageUnit" label={t('packet.ageUnit')} options={units} chosen={fields.ageUnit} />
      <Select id="sex" label={t('packet.sex')} options={sexes} chosen={fields.sex} />
      <DepartmentSelect departments={departments} none={t('packet.settings.chart')} page={page} />
      <ChartChoiceFields {...fields} isDeceased={isDeceased} t={t} />
    </fieldset>
  );
}

/** The form as the head of the page knows it, to send it again in the other language. */
export const LIST_FORM = { id: 'packet', action: '/packet' } as const;

/** The list that a packet is made of: posted, so that no address and no log has it. */
export function ListForm(props: FormProps) {
  const { listHtml, page } = props;
  const { t, language } = page;
  return (
    <form class="packet-form" id={LIST_FORM.id} action={`${page.basePath}${LIST_FORM.action}`} method="post">
      <input type="hidden" name="lang" value={language} />
      <CarriedBasket page={page} />
      <label for="list">{t('packet.list')}</label>
      <textarea
        id="list"
        name="list"
        rows={8}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="list-hint"
        // A parser drops a line break right behind the tag. The templates escape a chart of megabytes twenty times as slowly.
        dangerouslySetInnerHTML={{ __html: `\n${listHtml}` }}
      />
      <p class="hint" id="list-hint">
        {t('packet.listHint')}
      </p>
      <p class="with-script drop" id="drop">
        <label for="file">{t('packet.file')}</label>
        <input
          id="file"
          type="file"
          accept=".xml,.json,.txt,.csv,.cda,.ccd,text/plain,application/json,application/xml,text/xml"
          data-most={LIMITS.maxPacketBytes}
          data-too-large={t('packet.fileTooLarge')}
          data-one={t('packet.oneFile')}
          aria-describedby="file-note"
        />
        <span id="file-note" role="status" />
      </p>
      <Reader {...props} />
      <button type="submit">{t('packet.make')}</button>
    </form>
  );
}
