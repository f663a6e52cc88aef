//! Applications of the platform itself: a context may show one, but none is ever an indicator,
//! for everybody in every tenant uses them.
//!
//! The ids are Microsoft's published first-party application ids.
//! <https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in>

/// Application ids in lower case and in order, and what each is called.
const PLATFORM: &[(&str, &str)] = &[
    ("00000002-0000-0000-c000-000000000000", "Azure AD Graph"),
    (
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
    ),
    ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    (
        "00000003-0000-0ff1-ce00-000000000000",
        "Office 365 SharePoint Online",
    ),
    (
        "00000004-0000-0ff1-ce00-000000000000",
        "Skype for Business Online",
    ),
    ("00000005-0000-0ff1-ce00-000000000000", "Viva Engage"),
    (
        "00000006-0000-0ff1-ce00-000000000000",
        "Microsoft Office 365 Portal",
    ),
    (
        "00000007-0000-0000-c000-000000000000",
        "Common Data Service",
    ),
    (
        "00000007-0000-0ff1-ce00-000000000000",
        "Microsoft Exchange Online Protection",
    ),
    ("00000009-0000-0000-c000-000000000000", "Power BI Service"),
    (
        "0000000c-0000-0000-c000-000000000000",
        "Microsoft App Access Panel",
    ),
    (
        "00b41c95-dab0-4487-9791-b9d2c32c80f2",
        "Office 365 Management",
    ),
    (
        "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
        "Device Registration Service",
    ),
    (
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "Microsoft Azure CLI",
    ),
    (
        "08e18876-6177-487e-b8b5-cf950c1e598c",
        "SharePoint Online Web Client Extensibility",
    ),
    ("0ec893e0-5785-4de6-99da-4ed124e5296c", "Office UWP PWA"),
    (
        "14d82eec-204b-4c2f-b7e8-296a70dab67e",
        "Microsoft Graph Command Line Tools",
    ),
    ("18fbca16-2224-45f6-85b0-f7bf2b39b3f3", "Microsoft Docs"),
    (
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "Microsoft Azure PowerShell",
    ),
    (
        "1b730954-1685-4b74-9bfd-dac224a7b894",
        "Azure Active Directory PowerShell",
    ),
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    ("23523755-3a2b-41ca-9315-f81f3f566a95", "ACOM Azure Website"),
    (
        "243c63a3-247d-41c5-9d83-7788c43f1c43",
        "Office Online Core SSO",
    ),
    ("26a7ee05-5602-4d76-a7ba-eae8b7b67941", "Windows Search"),
    ("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile"),
    (
        "28b567f6-162c-4f54-99a0-6887f387bbcc",
        "Microsoft Storefronts",
    ),
    (
        "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "Microsoft Authentication Broker",
    ),
    (
        "2abdc806-e091-4495-9b10-b04d93c3f040",
        "Office Online Augmentation Loop",
    ),
    ("2d4d3d8e-2be3-4bef-9f87-7875a61c29de", "OneNote"),
    (
        "3090ab82-f1c1-4cdf-af2c-5d7a6f3e2cc7",
        "Microsoft Defender for Cloud Apps",
    ),
    ("38aa3b87-a06d-4817-b275-7a316988d93b", "Windows Sign In"),
    (
        "4345a7b9-9a63-4910-a426-35363201d503",
        "Office 365 Suite UX",
    ),
    (
        "47629505-c2b6-4a80-adb1-9b3a3d233b7b",
        "Microsoft Exchange Web Services",
    ),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    (
        "4813382a-8fa7-425e-ab75-3b753aab3abb",
        "Microsoft Authenticator",
    ),
    (
        "497effe9-df71-4043-a8bb-14cf78c4b63b",
        "Exchange Admin Center",
    ),
    ("4b233688-031c-404b-9a80-a4f3f2351f90", "Office.com"),
    (
        "57336123-6e14-4acc-8dcf-287b6088aa28",
        "Microsoft Whiteboard Client",
    ),
    (
        "57fb890c-0dab-4253-a5e0-7188c88b2bb4",
        "SharePoint Online Client",
    ),
    ("5d661950-3475-41cd-a2c3-d671a3162bc1", "Microsoft Outlook"),
    (
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        "Microsoft Teams Web Client",
    ),
    (
        "5f09333a-842c-47da-a157-57da27fcbca5",
        "Office 365 Shell WCSS-Server",
    ),
    ("66375f6b-983f-4c2c-9701-d680650f588f", "Microsoft Planner"),
    (
        "66a88757-258c-4c72-893c-3e8bed4d6899",
        "Office 365 Search Service",
    ),
    (
        "67e3df25-268a-4324-a550-0de1c7f97287",
        "Microsoft Office Web Apps Service",
    ),
    (
        "74bcdadc-2fdc-4bb3-8459-76d06952a0e9",
        "Microsoft Intune Web Company Portal",
    ),
    (
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
    ),
    (
        "80ccca67-54bd-44ab-8625-4b79c4dc7775",
        "Microsoft 365 Security and Compliance Center",
    ),
    ("871c010f-5e61-4fb1-83ac-98610a7e9110", "Microsoft Power BI"),
    (
        "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7",
        "Office 365 Shell WCSS-Client",
    ),
    ("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web"),
    (
        "93625bc8-bfe2-437a-97e0-3d0060024faa",
        "Microsoft password reset service",
    ),
    (
        "944f0bd1-117b-4b1c-af26-804ed95e767e",
        "Media Analysis and Transformation Service",
    ),
    ("94c63fef-13a3-47bc-8074-75af8c65887a", "Office Delve"),
    (
        "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223",
        "Microsoft Intune Company Portal",
    ),
    (
        "9bc3ab49-b65d-410a-85ad-de819febfddc",
        "SharePoint Online Management Shell",
    ),
    (
        "a0c73c16-a7e3-4564-9a95-2bdf47383716",
        "Microsoft Exchange Online Remote PowerShell",
    ),
    (
        "a3b79187-70b2-4139-83f9-6016c58cd27b",
        "Windows Defender ATP Portal",
    ),
    (
        "ab9b8c07-8f02-4f72-87fa-80105867a763",
        "OneDrive Sync Engine",
    ),
    ("af124e86-4e96-495a-b70a-90f90ab96707", "OneDrive iOS App"),
    (
        "b23dd4db-9142-4734-867f-3577f640ad0c",
        "Office Online Loki SSO",
    ),
    ("b26aadf8-566f-4478-926f-589f601d9c74", "OneDrive"),
    (
        "c0d2a505-13b8-4ae0-aa9e-cddd5eab0b12",
        "Microsoft Power BI Mobile",
    ),
    ("c1c74fed-04c9-4704-80dc-9f79a2e515cb", "Yammer Web"),
    ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    (
        "c5393580-f805-4401-95e8-94b7a6ef2fc2",
        "Office 365 Management APIs",
    ),
    (
        "c58637bb-e2e1-4312-8a00-04b5ffcd3403",
        "SharePoint Online Client Extensibility",
    ),
    ("c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "Microsoft Forms"),
    (
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
        "Microsoft Teams Services",
    ),
    (
        "cf53fce8-def6-4aeb-8d30-b158e7b1cf83",
        "Microsoft Stream Portal",
    ),
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
    (
        "d7b530a4-7680-4c23-a8bf-c52c121d2e87",
        "Microsoft Edge Enterprise New Tab Page",
    ),
    ("de8bc8b5-d9f9-48b1-a8ad-b748da725064", "Graph Explorer"),
    ("ecd6b820-32c2-49b6-98a6-444530e5a77a", "Microsoft Edge"),
    ("f05ff7c9-f75a-4acd-a3b5-f4b6a870245d", "SharePoint Android"),
    (
        "fb78d390-0c51-40cd-8e17-fdbfab77341b",
        "Microsoft Exchange REST API Based PowerShell",
    ),
    (
        "fe93bfe1-7947-460a-a5e0-7a5906b51360",
        "Outlook for Windows (Exchange Web Services)",
    ),
];

/// Returns what a platform application is called, or nothing where it is none.
pub(super) fn name_of(app: &str) -> Option<&'static str> {
    PLATFORM
        .binary_search_by(|(id, _)| (*id).cmp(app))
        .ok()
        .map(|at| PLATFORM[at].1)
}

/// Returns whether an application can be an indicator: it has an id and is none of the platform's.
pub(super) fn can_be_indicator(app: &str) -> bool {
    !app.is_empty() && name_of(app).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_finds_its_own() {
        assert!(PLATFORM.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(
            name_of("00000003-0000-0000-c000-000000000000"),
            Some("Microsoft Graph")
        );
        assert!(!can_be_indicator("00000003-0000-0000-c000-000000000000"));
        assert!(!can_be_indicator(""));
        assert!(can_be_indicator("6f2a3d10-0000-4000-8000-000000000001"));
    }
}
