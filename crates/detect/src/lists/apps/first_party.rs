//! Microsoft's own applications, the same in every tenant.
//! <https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in>

/// The ids of Microsoft's own applications and their names, in order of the ids.
pub(super) const FIRST_PARTY: &[(&str, &str)] = &[
    ("00000001-0000-0000-c000-000000000000", "Azure ESTS Service"),
    (
        "00000002-0000-0000-c000-000000000000",
        "Windows Azure Active Directory",
    ),
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
    (
        "00000005-0000-0000-c000-000000000000",
        "Microsoft.Azure.Workflow",
    ),
    ("00000005-0000-0ff1-ce00-000000000000", "Yammer"),
    (
        "00000006-0000-0ff1-ce00-000000000000",
        "Microsoft Office 365 Portal",
    ),
    ("00000007-0000-0000-c000-000000000000", "Dataverse"),
    (
        "00000007-0000-0ff1-ce00-000000000000",
        "Microsoft Exchange Online Protection",
    ),
    ("00000009-0000-0000-c000-000000000000", "Power BI Service"),
    ("0000000a-0000-0000-c000-000000000000", "Microsoft Intune"),
    (
        "0000000b-0000-0000-c000-000000000000",
        "Microsoft.SellerDashboard",
    ),
    (
        "0000000c-0000-0000-c000-000000000000",
        "Microsoft App Access Panel",
    ),
    (
        "0000000f-0000-0000-c000-000000000000",
        "Microsoft.Azure.GraphExplorer",
    ),
    (
        "00000010-0000-0000-c000-000000000000",
        "Microsoft.Azure.GraphStore",
    ),
    (
        "00000012-0000-0000-c000-000000000000",
        "Microsoft.Azure.RMS",
    ),
    (
        "00000013-0000-0000-c000-000000000000",
        "Microsoft.Azure.Portal",
    ),
    (
        "00000015-0000-0000-c000-000000000000",
        "Microsoft Dynamics ERP",
    ),
    (
        "0000001a-0000-0000-c000-000000000000",
        "MicrosoftAzureActiveAuthn",
    ),
    (
        "0000001b-0000-0000-c000-000000000000",
        "Microsoft Power BI Information Service",
    ),
    (
        "00b41c95-dab0-4487-9791-b9d2c32c80f2",
        "Office 365 Management",
    ),
    (
        "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
        "Device Registration Service",
    ),
    ("01fc33a7-78ba-4d2f-a4b7-768e336e890e", "MS-PIM"),
    (
        "02e3ae74-c151-4bda-b8f0-55fbf341de08",
        "Application Registration Portal",
    ),
    (
        "038ddad9-5bbe-4f64-b0cd-12434d1e633b",
        "Global Secure Access Client",
    ),
    (
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "Microsoft Azure CLI",
    ),
    (
        "05a65629-4c1b-48c1-a78b-804c4abdd4af",
        "Microsoft Cloud App Security",
    ),
    (
        "08e18876-6177-487e-b8b5-cf950c1e598c",
        "SharePoint Online Web Client Extensibility",
    ),
    (
        "09abbdfd-ed23-44ee-a2d9-a627aa1c90f3",
        "Project Work Management",
    ),
    (
        "0a0a29f9-0a25-49c7-94bf-c53c3f8fa69d",
        "Cortana Experience with O365",
    ),
    (
        "0a5f63c0-b750-4f38-a71c-4fc0d58b89e2",
        "Microsoft Mobile Application Management",
    ),
    ("0af06dc6-e4b5-4f28-818e-e78e62d137a5", "Windows 365"),
    (
        "0cb7b9ec-5336-483b-bc31-b15b5788de71",
        "ASM Campaign Servicing",
    ),
    ("0ec893e0-5785-4de6-99da-4ed124e5296c", "Office UWP PWA"),
    (
        "0f698dd4-f011-4d23-a33e-b36416dcb1e6",
        "OfficeClientService",
    ),
    (
        "12128f48-ec9e-42f0-b203-ea49fb6af367",
        "Microsoft Teams PowerShell",
    ),
    (
        "13937bba-652e-4c46-b222-3003f4d1ff97",
        "Substrate Context Service",
    ),
    (
        "14d82eec-204b-4c2f-b7e8-296a70dab67e",
        "Microsoft Graph Command Line Tools",
    ),
    (
        "16aeb910-ce68-41d1-9ac3-9e1673ac9575",
        "IrisSelectionFrontDoor",
    ),
    (
        "1786c5ed-9644-47b2-8aa0-7201292175b6",
        "Microsoft Bing Default Search Engine",
    ),
    (
        "17d5e35f-655b-4fb0-8ae6-86356e9a49f5",
        "Office Online Client Maker",
    ),
    ("18fbca16-2224-45f6-85b0-f7bf2b39b3f3", "Microsoft Docs"),
    (
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "Microsoft Azure PowerShell",
    ),
    ("19db86c3-b2b9-44cc-b339-36da233a3be2", "My Sign-ins"),
    ("1b3c667f-cde3-4090-b60b-3d2abd0117f0", "Windows Spotlight"),
    (
        "1b730954-1685-4b74-9bfd-dac224a7b894",
        "Azure Active Directory PowerShell",
    ),
    (
        "1c0ae35a-e2ec-4592-8e08-c40884656fa5",
        "Skype Team Substrate Connector",
    ),
    (
        "1f5530b3-261a-47a9-b357-ded261e17918",
        "Azure Multi-Factor Auth Connector",
    ),
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    ("22098786-6e16-43cc-a27d-191a01a1e3b5", "Microsoft To-Do"),
    ("23523755-3a2b-41ca-9315-f81f3f566a95", "ACOM Azure Website"),
    (
        "23d8f6bd-1eb0-4cc2-a08c-7bf525c67bcd",
        "Power BI PowerShell",
    ),
    (
        "243c63a3-247d-41c5-9d83-7788c43f1c43",
        "Office Online Core SSO",
    ),
    (
        "262044b1-e2ce-469f-a196-69ab7ada62d3",
        "Backup Management Service",
    ),
    (
        "2634dd23-5e5a-431c-81ca-11710d9079f4",
        "Microsoft Stream Service",
    ),
    (
        "268761a2-03f3-40df-8a8b-c3db24145b6b",
        "Universal Store Native Client",
    ),
    ("26a7ee05-5602-4d76-a7ba-eae8b7b67941", "Windows Search"),
    (
        "270efc09-cd0d-444b-a71f-39af4910ec45",
        "Windows Cloud Login",
    ),
    ("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile"),
    ("2793995e-0a7d-40d7-bd35-6968ba142197", "My Apps"),
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
        "Office Online Client Augmentation Loop",
    ),
    ("2d4d3d8e-2be3-4bef-9f87-7875a61c29de", "OneNote"),
    (
        "2d7f3606-b07d-41d1-b9d2-0d0c9296a6e8",
        "Microsoft Bing Search for Microsoft Edge",
    ),
    (
        "3090ab82-f1c1-4cdf-af2c-5d7a6f3e2cc7",
        "Microsoft Defender for Cloud Apps",
    ),
    (
        "3138fe80-4087-4b04-80a6-8866c738028a",
        "SharePoint Notification Service",
    ),
    ("331cc017-5973-4173-b270-f0042fddfd75", "PowerApps Service"),
    ("33be1cef-03fb-444b-8fd3-08ca1b4d803f", "OneDrive Web"),
    (
        "37182072-3c9c-4f6a-a4b3-b3f91cacffce",
        "Azure Support Center",
    ),
    (
        "372140e0-b3b7-4226-8ef9-d57986796201",
        "Azure Windows VM Sign-In",
    ),
    ("38aa3b87-a06d-4817-b275-7a316988d93b", "Windows Sign In"),
    (
        "394866fc-eedb-4f01-8536-3ff84b16be2a",
        "Microsoft People Cards Service",
    ),
    (
        "39624784-6cbe-4a60-afbe-9f46d10fdb27",
        "Skype for Business Remote PowerShell",
    ),
    ("3e62f81e-590b-425b-9531-cad6683656cf", "PowerApps Web"),
    (
        "433895fb-4ec7-45c3-a53c-c44d10f80d5b",
        "Compromised Account Service",
    ),
    ("4345a7b9-9a63-4910-a426-35363201d503", "O365 Suite UX"),
    (
        "45a330b1-b1ec-4cc1-9161-9f03992aa49f",
        "Windows Store for Business",
    ),
    (
        "4660504c-45b3-4674-a709-71951a6b0763",
        "Microsoft Invitation Acceptance Portal",
    ),
    (
        "475226c6-020e-4fb2-8a90-7a972cbfc1d4",
        "PowerApps Service API",
    ),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    (
        "4813382a-8fa7-425e-ab75-3b753aab3abb",
        "Microsoft Authenticator",
    ),
    (
        "48af08dc-f6d2-435f-b2a7-069abd99c086",
        "Office 365 Connectors",
    ),
    (
        "497effe9-df71-4043-a8bb-14cf78c4b63b",
        "Exchange Admin Center",
    ),
    ("499b84ac-1321-427f-aa17-267ca6975798", "Azure DevOps"),
    ("4b233688-031c-404b-9a80-a4f3f2351f90", "Office.com"),
    (
        "4d5c2d63-cf83-4365-853c-925fd1a64357",
        "OfficeShredderWacClient",
    ),
    ("4e291c71-d680-4d0e-9640-0a3358e31177", "PowerApps"),
    ("507bc9da-c4e2-40cb-96a7-ac90df92685c", "Office 365 Reports"),
    (
        "51133ff5-8e0d-4078-bcca-84fb7f905b64",
        "Microsoft Teams Mailhook",
    ),
    (
        "51f81489-12ee-4a9e-aaae-a2591f45987d",
        "Dynamics 365 Development Tools",
    ),
    ("5572c4c0-d078-44ce-b81c-6cbf8d3ed39e", "Vortex"),
    (
        "57336123-6e14-4acc-8dcf-287b6088aa28",
        "Microsoft Whiteboard Client",
    ),
    (
        "57fcbcfa-7cee-4eb1-8b25-12d2030b4ee0",
        "Power Automate Mobile",
    ),
    (
        "5b20c633-9a48-4a5f-95f6-dae91879051f",
        "Azure Information Protection",
    ),
    ("5d661950-3475-41cd-a2c3-d671a3162bc1", "Microsoft Outlook"),
    (
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        "Microsoft Teams Web Client",
    ),
    (
        "60c8bde5-3167-4f92-8fdb-059f6176dc0f",
        "Enterprise Roaming and Backup",
    ),
    (
        "60e6cd67-9c8c-4951-9b3c-23c25a2169af",
        "Compute Resource Provider",
    ),
    (
        "618dd325-23f6-4b6f-8380-4df78026e39b",
        "Microsoft 365 Admin Services",
    ),
    (
        "6204c1d1-4712-4c46-a7d9-3ed63d992682",
        "Power Automate Portal",
    ),
    ("62256cef-54c0-4cb4-bcac-4c67989bdc40", "OMSOctopiPROD"),
    (
        "6253bca8-faf2-4587-8f2f-b056d80998a7",
        "Microsoft Edge Insider Addons Prod",
    ),
    (
        "64f79cb9-9c82-4199-b85b-77e35b7dcbcb",
        "Microsoft Teams Bots",
    ),
    (
        "65d91a3d-ab74-42e6-8a2f-0add61688c74",
        "Microsoft Approval Management",
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
        "6d32b7f8-782e-43e0-ac47-aaad9f4eb839",
        "Permission Service O365",
    ),
    (
        "6da466b6-1d13-4a2c-97bd-51a99e8d4d74",
        "Exchange Office Graph Client",
    ),
    ("6ea8091b-151d-447a-9013-6845b83ba57b", "AD Hybrid Health"),
    ("74658136-14ec-4630-ad9b-26e160ff0fc6", "ADIbizaUX"),
    (
        "74bcdadc-2fdc-4bb3-8459-76d06952a0e9",
        "Microsoft Intune Web Company Portal",
    ),
    (
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
    ),
    ("7ab7862c-4c57-491e-8a45-d52a7e023983", "App Service"),
    (
        "7b7531ad-5926-4f2d-8a1d-38495ad33e17",
        "Azure Advanced Threat Protection",
    ),
    ("7cd684f4-8a78-49b0-91ec-6a35d38739ba", "Azure Logic Apps"),
    ("7df0a125-d3be-4c96-aa54-591f83ff541c", "Power Automate"),
    (
        "80ccca67-54bd-44ab-8625-4b79c4dc7775",
        "Microsoft 365 Security and Compliance Center",
    ),
    (
        "844cca35-0656-46ce-b636-13f48b0eecbd",
        "Microsoft Stream Mobile Native",
    ),
    (
        "8602e328-9b72-4f2d-a4ae-1387d013a2b3",
        "Azure API Management",
    ),
    ("871c010f-5e61-4fb1-83ac-98610a7e9110", "Microsoft Power BI"),
    ("872cd9fa-d31f-45e0-9eab-6e460a02d1f1", "Visual Studio"),
    (
        "87749df4-7ccf-48f8-aa87-704bad0e0e16",
        "Microsoft Teams Device Admin Agent",
    ),
    (
        "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7",
        "Office365 Shell WCSS-Client",
    ),
    ("8b3391f4-af01-4ee8-b4ea-9871b2499735", "O365 Secure Score"),
    ("8bdebf23-c0fe-4187-a378-717ad86f6a53", "Resource Health RP"),
    ("8c59ead7-d703-4a27-9e55-c96a0054c8d2", "My Profile"),
    (
        "8edd93e1-2103-40b4-bd70-6e34e586362d",
        "Windows Azure Security Resource Provider",
    ),
    (
        "8ee8fdad-f234-4243-8f3b-15c294843740",
        "Microsoft Threat Protection",
    ),
    ("905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba", "Sway"),
    (
        "90f610bf-206d-4950-b61d-37fa6fd1b224",
        "Azure Rights Management PowerShell",
    ),
    ("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web"),
    (
        "93625bc8-bfe2-437a-97e0-3d0060024faa",
        "Microsoft password reset service",
    ),
    (
        "93d53678-613d-4013-afc1-62e9e444a0a5",
        "Office Online Add-in SSO",
    ),
    (
        "944f0bd1-117b-4b1c-af26-804ed95e767e",
        "Media Analysis and Transformation Service",
    ),
    ("94c63fef-13a3-47bc-8074-75af8c65887a", "Office Delve"),
    (
        "95de633a-083e-42f5-b444-a4295d8e9314",
        "Microsoft Whiteboard Services",
    ),
    (
        "981f26a1-7f43-403b-a875-f8b09b8cd720",
        "Azure Multi-Factor Auth Client",
    ),
    (
        "98db8bd6-0cc0-4e67-9de5-f187f1cd1b41",
        "Microsoft Substrate Management",
    ),
    (
        "996def3d-b36c-4153-8607-a6fd3c01b89f",
        "Dynamics 365 Business Central",
    ),
    (
        "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223",
        "Microsoft Intune Company Portal",
    ),
    (
        "9bc3ab49-b65d-410a-85ad-de819febfddc",
        "SharePoint Online Management Shell",
    ),
    (
        "9cb77803-d937-493e-9a3b-4b49de3f5a74",
        "Microsoft Intune Service Discovery",
    ),
    (
        "9cdead84-a844-4324-93f2-b2e6bb768d07",
        "Azure Virtual Desktop",
    ),
    ("9cee029c-6210-4654-90bb-17e6e9d36617", "Power Platform CLI"),
    ("9ea1ad79-fdb6-4f9a-8bc3-2b70f96e34c7", "Bing"),
    (
        "a0c73c16-a7e3-4564-9a95-2bdf47383716",
        "Exchange Online Remote PowerShell",
    ),
    (
        "a3475900-ccec-4a69-98f5-a65cd5dc5306",
        "Partner Customer Delegated Admin Offline Processor",
    ),
    (
        "a3b79187-70b2-4139-83f9-6016c58cd27b",
        "WindowsDefenderATP Portal",
    ),
    (
        "a40d7d7d-59aa-447e-a655-679a4107e548",
        "Accounts Control UI",
    ),
    ("a569458c-7f2b-45cb-bab9-b7dee514d112", "Yammer iPhone"),
    ("a57aca87-cbc0-4f3c-8b9e-dc095fdc8978", "IAM Supportability"),
    (
        "a672d62c-fc7b-4e81-a576-e60dc46e951d",
        "Power Query for Excel",
    ),
    (
        "a6aa9161-5291-40bb-8c5c-923b567bee3b",
        "Storage Resource Provider",
    ),
    (
        "a85cf173-4192-42f8-81fa-777a763e6e2c",
        "Azure Virtual Desktop Client",
    ),
    ("a8f7a65c-f5ba-4859-b2d6-df772c264e9d", "PowerApps Maker"),
    (
        "a9b49b65-0a12-430b-9540-c80b3332c127",
        "Office Online Search",
    ),
    ("aa580612-c342-4ace-9055-8edee43ccb89", "Microsoft StaffHub"),
    (
        "aa9ecb1e-fd53-4aaa-a8fe-7a54de2c1334",
        "Microsoft.Office365.Configure",
    ),
    (
        "ab3be6b7-f5df-413d-ac2d-abf1e3fd9c0b",
        "Microsoft Teams Graph Service",
    ),
    (
        "ab9b8c07-8f02-4f72-87fa-80105867a763",
        "OneDrive SyncEngine",
    ),
    (
        "abfa0a7c-a6b6-4736-8310-5855508787cd",
        "Microsoft.Azure.WebSites",
    ),
    ("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code"),
    ("af124e86-4e96-495a-b70a-90f90ab96707", "OneDrive iOS"),
    (
        "b1379a75-ce5e-4fa3-80c6-89bb39bf646c",
        "Microsoft Teams Chat Aggregator",
    ),
    (
        "b23dd4db-9142-4734-867f-3577f640ad0c",
        "Office Online Client Loki",
    ),
    ("b26aadf8-566f-4478-926f-589f601d9c74", "OneDrive"),
    ("b2cc270f-563e-4d8a-af47-f00963a71dcd", "OneProfile Service"),
    ("b4bddae8-ab25-483e-8670-df09b9f1d0ea", "Signup"),
    (
        "b6b84568-6c01-4981-a80f-09da9a20bbed",
        "Microsoft Invoicing",
    ),
    (
        "b6e69c34-5f1f-4c34-8cdf-7fea120b8670",
        "Office Online Client Loki (consumer)",
    ),
    (
        "b7912db9-aa33-4820-9d4f-709830fdd78f",
        "Connections Service",
    ),
    ("b90d5b8f-5503-4153-b545-b31cecfaece2", "AADJ CSP"),
    ("ba23cd2a-306c-48f2-9d62-d3ecd372dfe4", "Office Graph"),
    ("bb2a2e3a-c5e7-4f0a-88e0-8e01fd3fc1f4", "CPIM Service"),
    (
        "bb8f18b0-9c38-48c9-a847-e1ef3af0602d",
        "Microsoft.Azure.ActiveDirectoryIUX",
    ),
    (
        "bc59ab01-8403-45c6-8796-ac3ef710b3e3",
        "Outlook Online Add-in App",
    ),
    (
        "bdd48c81-3a58-4ea9-849c-ebea7f6b6360",
        "Password Breach Authenticator",
    ),
    (
        "be1918be-3fe3-4be9-b32b-b542fc27f02e",
        "M365 Compliance Drive Client",
    ),
    ("c0d2a505-13b8-4ae0-aa9e-cddd5eab0b12", "Power BI Mobile"),
    (
        "c161e42e-d4df-4a3d-9b42-e7a3c31f59d4",
        "Microsoft Intune API",
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
    ("c606301c-f764-4e6b-aa45-7caaaea93c9a", "Office Store"),
    ("c728155f-7b2a-4502-a08b-b8af9b269319", "AAD Reporting"),
    ("c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "Microsoft Forms"),
    (
        "cab96880-db5b-4e15-90a7-f3f1d62ffe39",
        "Microsoft Defender Platform",
    ),
    (
        "cb1056e2-e479-49de-ae31-7812af012ed8",
        "Microsoft Azure AD Connect",
    ),
    (
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
        "Microsoft Teams Services",
    ),
    (
        "cdccd920-384b-4a25-897d-75161a4b74c1",
        "Skype Teams Firehose",
    ),
    (
        "ce6ff14a-7fdc-4685-bbe0-f6afdfcfa8e0",
        "Azure Linux VM Sign-In",
    ),
    (
        "cf36b471-5b44-428c-9ce7-313bf84528de",
        "Microsoft Bing Search",
    ),
    (
        "cf53fce8-def6-4aeb-8d30-b158e7b1cf83",
        "Microsoft Stream Portal",
    ),
    (
        "cf6c77f8-914f-4078-baef-e39a5181158b",
        "Skype Teams Settings Store",
    ),
    ("cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault"),
    (
        "d176f6e7-38e5-40c9-8a78-3998aab820e7",
        "Microsoft Online Syndication Partner Portal",
    ),
    (
        "d2a0a418-0aac-4541-82b2-b3142c89da77",
        "Microsoft Azure Operational Insights",
    ),
    ("d326c1ce-6cc6-4de2-bebc-4591e5e13ef0", "SharePoint"),
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
    (
        "d3ce4cf8-6810-442d-b42e-375e14710095",
        "Graph Explorer (old)",
    ),
    (
        "d4ebce55-015a-49b5-a083-c84d1797ae8c",
        "Microsoft Intune Enrollment",
    ),
    (
        "d73f4b35-55c9-48c7-8b10-651f6f2acb2e",
        "MCAPI Authorization Prod",
    ),
    (
        "d7b530a4-7680-4c23-a8bf-c52c121d2e87",
        "Microsoft Edge Enterprise New Tab Page",
    ),
    ("dcad865d-9257-4521-ad4d-bae3e137b345", "SharePoint Home"),
    (
        "dd47d17a-3194-4d86-bfd5-c6ae6f5651e3",
        "Microsoft Defender for Mobile",
    ),
    (
        "dd762716-544d-4aeb-a526-687b73838a22",
        "Microsoft Device Registration Client",
    ),
    (
        "ddbf3205-c6bd-46ae-8127-60eb93363864",
        "Microsoft Azure Batch",
    ),
    ("de8bc8b5-d9f9-48b1-a8ad-b748da725064", "Graph Explorer"),
    ("e1ef36fd-b883-4dbf-97f0-9ece4b576fc6", "Yammer Web Embed"),
    (
        "e64aa8bc-8eb4-40e2-898b-cf261a25954f",
        "CRM Power BI Integration",
    ),
    ("e9b154d0-7658-433b-bb25-6b8e0a8a7c59", "Outlook Lite"),
    ("e9c51622-460d-4d3d-952d-966a5b1da34c", "Microsoft Edge"),
    ("e9f49c6b-5ce5-44c8-925d-015017e9f7ad", "Azure Data Lake"),
    ("eb539595-3fe1-474e-9c1d-feb3625d1be5", "Microsoft Tunnel"),
    ("ecd6b820-32c2-49b6-98a6-444530e5a77a", "Microsoft Edge"),
    (
        "ee272b19-4411-433f-8f28-5c13cb6fd407",
        "Microsoft 365 Support Service",
    ),
    ("f05ff7c9-f75a-4acd-a3b5-f4b6a870245d", "SharePoint Android"),
    ("f44b1140-bc5e-48c6-8dc0-5cf5a53c0e34", "Microsoft Edge"),
    (
        "fb78d390-0c51-40cd-8e17-fdbfab77341b",
        "Exchange Online PowerShell (REST)",
    ),
    (
        "fb8d773d-7ef8-4ec0-a117-179f88add510",
        "Enterprise Copilot Platform",
    ),
    (
        "fc0f3af4-6835-4174-b806-f7db311fd2f3",
        "Microsoft Intune Windows Agent",
    ),
    (
        "fc68d9e5-1f76-45ef-99aa-214805418498",
        "Azure AD Identity Protection",
    ),
    ("fc780465-2017-40d4-a0c5-307022471b92", "WindowsDefenderATP"),
    ("fdf9885b-dd37-42bf-82e5-c3129ef5a302", "Microsoft Support"),
    ("ffcb16e8-f789-467c-8ce9-f826a080d987", "SharedWithMe"),
];
