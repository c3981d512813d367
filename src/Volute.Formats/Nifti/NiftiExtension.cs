namespace Volute.Formats;

/// <summary>What a NIfTI file carries behind its header beside the format's own fields: a DICOM header, AFNI's or CIFTI's XML, a comment.</summary>
/// <param name="Code">Whose it is, by the list of the format's web page: 2 for DICOM, 4 for AFNI, 6 for a comment, 32 for CIFTI.</param>
/// <param name="Data">Its bytes, with whatever zeros fill them up.</param>
public readonly record struct NiftiExtension(int Code, ReadOnlyMemory<byte> Data);
