/** The "test connection" button: who the till is, and what the merchant should know before switching on. */
import type { CheckReport } from '../connector.ts';
import { Failure } from '../failure.ts';
import type { Answer } from './answers.ts';
import { chosenBranches, superUser } from './settings.ts';
import type { Till } from './till.ts';

type Warning = CheckReport['warnings'][number];

/** Throws a Failure when the till is not reachable or refuses the credentials; missing rights beyond that are only reported. */
export async function checkTill(till: Till): Promise<CheckReport> {
  const version = await till.client.call('getApiVersion');
  const [{ branches }, licence, employees] = await Promise.all([
    till.client.call('getBranches'),
    optional(till.client.call('getLicenseInformation')),
    optional(till.client.call('getEmployees', { request: { employeeNumbers: [till.settings.employeeNumber] } })),
  ]);
  const service = serviceVersion(version);
  const warnings = [...placeWarnings(till, branches), ...stockWarnings(till, branches), ...employeeWarnings(till, employees)];
  if ((version.serviceMajorNumber ?? 0) < 57) {
    warnings.push({
      code: 'till.older-service',
      message: 'The service of this till is older: orders are guarded by their reference only, payments follow in a second call.',
      params: { version: service },
    });
  }
  const licensee = [licence?.companyName, licence?.city].filter(Boolean).join(', ');
  return {
    summary: `MplusKASSA ${service}, ${branches.length} ${branches.length === 1 ? 'branch' : 'branches'}`,
    facts: [
      { label: 'Service', value: service },
      ...(licensee === '' ? [] : [{ label: 'Licence', value: licensee }]),
      { label: 'Branches', value: branches.map(({ branchNumber, branchName }) => `${branchNumber} ${branchName}`).join(', ') },
    ],
    warnings,
  };
}

function serviceVersion(version: Answer<'getApiVersion'>): string {
  const { serviceMajorNumber, serviceMinorNumber, serviceRevisionNumber } = version;
  return serviceMajorNumber === undefined
    ? 'of unknown version'
    : `${serviceMajorNumber}.${serviceMinorNumber ?? 0}.${serviceRevisionNumber ?? 0}`;
}

function stockWarnings(till: Till, branches: Answer<'getBranches'>['branches']): Warning[] {
  const missing = chosenBranches(till.settings).filter(
    (number) => number !== till.settings.branchNumber && !branches.some(({ branchNumber }) => branchNumber === number),
  );
  return missing.map((branch) => ({
    code: 'till.branch-unknown',
    message: `The till has no branch ${branch}. Choose another one.`,
    params: { branch },
  }));
}

function placeWarnings(till: Till, branches: Answer<'getBranches'>['branches']): Warning[] {
  const { branchNumber, workplaceNumber } = till.settings;
  const branch = branches.find((candidate) => candidate.branchNumber === branchNumber);
  if (branch === undefined) {
    return [
      {
        code: 'till.branch-unknown',
        message: `The till has no branch ${branchNumber}. Choose another one.`,
        params: { branch: branchNumber },
      },
    ];
  }
  if (workplaceNumber === undefined) {
    // Which branch is the default is not told; the lowest number is by custom.
    const lowest = Math.min(...branches.map((candidate) => candidate.branchNumber));
    if (branchNumber === lowest) return [];
    return [
      {
        code: 'till.workplace-needed',
        message: `Branch ${branchNumber} is not the main branch: the till wants a workplace for its orders.`,
        params: { branch: branchNumber },
      },
    ];
  }
  if (branch.workplaces.length === 0 || branch.workplaces.some((candidate) => candidate.workplaceNumber === workplaceNumber)) return [];
  return [
    {
      code: 'till.workplace-unknown',
      message: `Branch ${branchNumber} has no workplace ${workplaceNumber}. Choose another one.`,
      params: { branch: branchNumber, workplace: workplaceNumber },
    },
  ];
}

function employeeWarnings(till: Till, employees: Answer<'getEmployees'> | undefined): Warning[] {
  const { employeeNumber } = till.settings;
  if (employeeNumber === superUser) {
    return [
      {
        code: 'till.super-user',
        message: `Orders are entered as the super user ${superUser}. Make an employee for the web shop, so that it can be told apart in the till.`,
        params: { employee: superUser },
      },
    ];
  }
  if (employees === undefined || employees.employeeList.some((candidate) => candidate.employeeNumber === employeeNumber)) return [];
  return [
    {
      code: 'till.employee-unknown',
      message: `The till has no employee ${employeeNumber}. Choose another one.`,
      params: { employee: employeeNumber },
    },
  ];
}

/** What a service may lack or not permit; being away or locked out still counts. */
async function optional<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && (error.code === 'till.operation-unknown' || error.code === 'till.refused-request')) return undefined;
    throw error;
  }
}
