import type { Fields } from '../fields.ts';
import { inside, numberOf, numbersOf, textsOf } from '../fields.ts';
import { branches, deliveryMethods, employees, orderCategories, paymentMethods, turnoverGroups, vatRates } from '../seed.ts';
import { shownRate, type Till } from '../till.ts';

export function getApiVersion(till: Till): Fields {
  const [major, minor, revision] = till.version;
  return {
    majorNumber: 1,
    minorNumber: 0,
    revisionNumber: 0,
    databaseMajorNumber: major,
    databaseMinorNumber: minor,
    databaseRevisionNumber: 0,
    serviceMajorNumber: major,
    serviceMinorNumber: minor,
    serviceRevisionNumber: revision,
    serviceMinWorkerThreads: 2,
    serviceMaxWorkerThreads: 8,
    inDebugMode: false,
  };
}

export function getDatabaseVersion(till: Till): Fields {
  const [major, minor] = till.version;
  return { majorNumber: major, minorNumber: minor, revisionNumber: 0 };
}

export function getLicenseInformation(): Fields {
  return {
    obscuredLicenseKey: 'XXXX-XXXX-0042',
    companyName: 'Winkel Noord B.V.',
    city: 'Utrecht',
    licensedBranches: { licensedBranch: branches.map(({ branchNumber, branchName }) => ({ branchNumber, branchName, workplaceLimit: 5 })) },
  };
}

export function getBranches(): Fields {
  return {
    branches: {
      branch: branches.map((branch) => ({
        branchNumber: branch.branchNumber,
        branchName: branch.branchName,
        abbreviation: branch.abbreviation,
        workplaces: {
          workplace: branch.workplaces.map((workplaceNumber) => ({
            workplaceNumber,
            workplaceName: `Kassa ${workplaceNumber}`,
            isMobile: false,
          })),
        },
        countryCode: 528,
        countryIso3: 'NLD',
        countryName: 'Nederland',
      })),
    },
  };
}

function shownEmployee(employee: (typeof employees)[number]): Fields {
  return { ...employee, syncMarker: employees.indexOf(employee) + 1 };
}

export function getEmployees(_till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = numbersOf(request, 'employeeNumbers');
  const since = numberOf(request, 'syncMarker') ?? 0;
  const found = employees.filter((each, at) => (wanted.length === 0 || wanted.includes(each.employeeNumber)) && at + 1 >= since);
  return { employeeList: { employee: found.slice(0, numberOf(request, 'syncMarkerLimit') || 1000).map(shownEmployee) } };
}

export function getEmployee(_till: Till, input: Fields): Fields {
  const employee = employees.find((each) => each.employeeNumber === numberOf(input, 'employeeNumber'));
  if (employee === undefined) return { result: 'GET-EMPLOYEE-RESULT-NOT-FOUND' };
  return { result: 'GET-EMPLOYEE-RESULT-OK', employee: shownEmployee(employee) };
}

export function getVatGroupList(till: Till): Fields {
  return {
    vatGroup: branches.flatMap(({ branchNumber }) =>
      vatRates.map(({ vatCode, countryCode, countryIso3, basisPoints }) => ({
        branchNumber,
        countryCode,
        countryIso3,
        vatCode,
        vatPercentage: shownRate(till, basisPoints),
      })),
    ),
  };
}

export function getPaymentMethods(_till: Till, input: Fields): Fields {
  const types = textsOf(inside(input, 'request'), 'paymentMethodTypes');
  const found = paymentMethods.filter((each) => types.length === 0 || types.includes(each.type));
  return {
    paymentMethodList: {
      paymentMethod: found.map(({ method, description, type, active }) => ({
        method,
        description,
        buttonText: description,
        allowNegativeAmount: true,
        active,
        type,
      })),
    },
  };
}

export function getDeliveryMethods(): Fields {
  return {
    deliveryMethodList: {
      deliveryMethod: deliveryMethods.map(({ deliveryMethod, description }) => ({
        deliveryMethod,
        description,
        buttonText: description,
        enabled: true,
      })),
    },
  };
}

export function getTurnoverGroups(): Fields {
  return { turnoverGroupList: { turnoverGroup: turnoverGroups.map((group) => ({ ...group })) } };
}

export function getOrderCategories(): Fields {
  return { orderCategory: orderCategories.map((category) => ({ ...category, allowCancel: true, allowProcess: true })) };
}

export function getCurrentSyncMarkers(till: Till): Fields {
  const { article, articleGroup, relation, employee, invoice, receipt, order, stock } = till.markers;
  return {
    articleSyncMarker: article,
    articleGroupSyncMarker: articleGroup,
    relationSyncMarker: relation,
    employeeSyncMarker: employee,
    invoiceSyncMarker: invoice,
    receiptSyncMarker: receipt,
    orderSyncMarker: order,
    stockId: stock,
  };
}
