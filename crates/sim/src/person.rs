//! A person with an account, and where that person is to be found.

use crate::drive::Drive;
use crate::mailbox::Mailbox;
use crate::record::Micros;

/// A user of a tenant.
#[derive(Clone, Debug)]
pub struct User {
    /// Object id.
    pub id: String,
    /// User principal name, as the directory spells it.
    pub upn: String,
    /// How the person is shown.
    pub display_name: String,
    /// First name.
    pub given_name: String,
    /// Family name.
    pub surname: String,
    /// `1003...` of sixteen digits: `UserKey` in Exchange's records.
    pub puid: String,
    /// Security identifier in Exchange: `LogonUserSid`, `MailboxOwnerSid`.
    pub sid: String,
    /// `accountEnabled`.
    pub enabled: bool,
    /// `userType`: `Member` or `Guest`.
    pub user_type: &'static str,
    /// Department.
    pub department: String,
    /// Title.
    pub job_title: String,
    /// `officeLocation`: the name of one of the tenant's offices.
    pub office: String,
    /// `skuPartNumber`s.
    pub licences: Vec<String>,
    /// The mailbox, if licensed for one.
    pub mailbox: Option<Mailbox>,
    /// The OneDrive.
    pub drive: Drive,
    /// Devices that are registered.
    pub devices: Vec<Device>,
    /// Where the person signs in from besides the office: home first, then the phone.
    pub homes: Vec<Place>,
    /// Second factors.
    pub methods: Vec<Method>,
    /// Directory roles, by display name.
    pub roles: Vec<String>,
    /// `createdDateTime`.
    pub created: Micros,
    /// `lastPasswordChangeDateTime`.
    pub password_changed: Micros,
    /// `signInSessionsValidFromDateTime`.
    pub sessions_valid_from: Micros,
    /// `onPremisesSyncEnabled`: whether the account is mastered in a directory on premises.
    pub synced: bool,
    /// `riskState` and `riskLevel` of `riskyUsers`, when Entra doubts the account.
    pub risk: Option<(&'static str, &'static str)>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// `deviceId`.
    pub id: String,
    /// Object id in the directory.
    pub object_id: String,
    /// Its name.
    pub name: String,
    /// `operatingSystem`, e.g. `Windows10`.
    pub system: String,
    /// `accountEnabled`.
    pub enabled: bool,
    /// Whether it is managed and compliant.
    pub managed: bool,
    /// `Azure AD joined`, `Azure AD registered` or empty.
    pub trust: String,
    /// When it was registered.
    pub registered: Micros,
}

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its id.
    pub id: String,
    /// `PhoneAppNotification`, `PhoneAppOTP`, `OneWaySms`, ... The first of a person's methods is
    /// the default one.
    pub kind: String,
    /// A telephone number or a device's name.
    pub detail: String,
    /// When it was registered.
    pub registered: Micros,
}

/// A place that the network knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The address there.
    pub address: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Country, two letters.
    pub country: String,
    /// `autonomousSystemNumber`: one of the numbers for documentation.
    pub network: u32,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}
